using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace BsdVm.Judge;

/// <summary>The emulated machine's physical memory from address 0: a sparse file, in RAM where there is a place for it.</summary>
internal sealed class SharedMemory : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeBuffer _bytes;

    public SharedMemory(ulong lengthBytes)
    {
        string folder = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        FilePath = Path.Combine(folder, $"bsdvm-judge-{Environment.ProcessId}-{Guid.NewGuid():N}");
        LengthBytes = lengthBytes;
        using (FileStream file = File.Create(FilePath))
        {
            file.SetLength((long)lengthBytes);
        }

        _file = MemoryMappedFile.CreateFromFile(FilePath, FileMode.Open);
        _view = _file.CreateViewAccessor();
        _bytes = _view.SafeMemoryMappedViewHandle;
    }

    public string FilePath { get; }

    public ulong LengthBytes { get; }

    public T Read<T>(ulong address)
        where T : unmanaged => _bytes.Read<T>(address);

    public void Read<T>(ulong address, Span<T> values)
        where T : unmanaged => _bytes.ReadSpan(address, values);

    public void Write<T>(ulong address, T value)
        where T : unmanaged => _bytes.Write(address, value);

    public void Write<T>(ulong address, ReadOnlySpan<T> values)
        where T : unmanaged => _bytes.WriteSpan(address, values);

    /// <summary>The name goes as soon as both sides have the file mapped, so that nothing stays behind.</summary>
    public void Unlink() => File.Delete(FilePath);

    public void Dispose()
    {
        Unlink();
        _view.Dispose();
        _file.Dispose();
    }
}
