using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace BsdVm.Architecture.Tests;

/// <summary>What an assembly says of itself, read from its file without loading it.</summary>
internal sealed class AssemblyFile
{
    private AssemblyFile(MetadataReader reader)
    {
        References = [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
        UsedTypes = [.. reader.TypeReferences.Select(handle => FullName(reader, reader.GetTypeReference(handle)))];
        PublicTypes = [.. reader.TypeDefinitions.Where(handle => IsPublic(reader, handle)).Select(handle => FullName(reader, handle))];
    }

    /// <summary>The assemblies that it uses. The compiler leaves out those that a project names in vain.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>The types of other assemblies that it speaks of, as "BsdVm.VmMap" or "BsdVm.VmMap+Part".</summary>
    public IReadOnlyList<string> UsedTypes { get; }

    /// <summary>Its own types that others can use.</summary>
    public IReadOnlyList<string> PublicTypes { get; }

    /// <summary>Reads the assembly that a project made.</summary>
    public static AssemblyFile Of(string project)
    {
        using var file = new PEReader(File.OpenRead(Repository.AssemblyFile(project)));
        return new AssemblyFile(file.GetMetadataReader());
    }

    private static bool IsPublic(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic => IsPublic(reader, type.GetDeclaringType()),
            _ => false,
        };
    }

    private static string FullName(MetadataReader reader, TypeReference type) =>
        type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(reader, reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))}+{reader.GetString(type.Name)}"
            : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";

    private static string FullName(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return type.IsNested
            ? $"{FullName(reader, type.GetDeclaringType())}+{reader.GetString(type.Name)}"
            : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }
}
