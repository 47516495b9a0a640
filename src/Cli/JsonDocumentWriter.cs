using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BsdVm.Cli;

/// <summary>One JSON document a command: tool, version, command and the hash of the input first, exact integers.</summary>
internal static class JsonDocumentWriter
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Version => typeof(JsonDocumentWriter).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static JsonObject Start(string command, string? inputSha256)
    {
        var document = new JsonObject { ["tool"] = "bsdvm", ["version"] = Version, ["command"] = command };
        if (inputSha256 is not null)
        {
            document["input"] = inputSha256;
        }

        return document;
    }

    public static string Text(JsonObject document) => document.ToJsonString(Options);

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    public static string Sha256(IEnumerable<string> parts) => Sha256(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
}
