using System.Text.Json;
using BsdVm.Lab;

namespace BsdVm.Cli;

/// <summary>Prices from a JSON file: a misspelt or impossible price must not be the default one.</summary>
internal static class CostFile
{
    // Far above any machine's, and far below what overflows when it is multiplied by the counts of a long trace.
    private const double HighestPrice = 1e12;
    private const int LongestShown = 40;

    /// <summary>Reads a file. What it leaves out has the default price.</summary>
    /// <exception cref="UsageException">It is no cost model: file, key and what is wrong, in one line.</exception>
    public static CostModel Read(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UsageException($"{file}: not a cost model; `bsdvm compare --json` prints one under costModel");
            }

            CostModel model = CostModel.Default;
            foreach (JsonProperty each in document.RootElement.EnumerateObject())
            {
                model = With(model, each, file);
            }

            return model;
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file}, line {(e.LineNumber ?? 0) + 1}: not a cost model in JSON");
        }
        catch (InvalidOperationException)
        {
            // A string of JSON can hold half a character, which no text can.
            throw new UsageException($"{file}: not a cost model: it has text that is not Unicode");
        }
    }

    private static CostModel With(CostModel model, JsonProperty each, string file)
    {
        if (each.Name == "name")
        {
            return model with { Name = NameOf(each.Value, file) };
        }

        Price? price = CostModel.Prices.FirstOrDefault(known => known.Id == each.Name);
        if (price is null)
        {
            string keys = string.Join(", ", CostModel.Prices.Select(static known => known.Id));
            throw Wrong(file, Shown(each.Name), $"is no key; those are name, {keys}");
        }

        if (each.Value.ValueKind != JsonValueKind.Number)
        {
            throw Wrong(file, each.Name, $"is {Shown(each.Value.GetRawText())}, a number without quotes is wanted");
        }

        return each.Value.TryGetDouble(out double cycles) && cycles is >= 0 and <= HighestPrice
            ? price.With(model, cycles)
            : throw Wrong(file, each.Name, $"is {Shown(each.Value.GetRawText())}, from 0 to {HighestPrice:0} is wanted");
    }

    private static string NameOf(JsonElement value, string file)
    {
        string? name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (string.IsNullOrWhiteSpace(name))
        {
            throw Wrong(file, "name", "is empty or no string");
        }

        return name.Any(char.IsControl) ? throw Wrong(file, "name", "has a control character") : name;
    }

    private static UsageException Wrong(string file, string key, string what) => new($"{file}: not a cost model: {key} {what}");

    private static string Shown(string text)
    {
        string head = text.Length > LongestShown ? text[..LongestShown] + "..." : text;
        return string.Concat(head.Select(static c => c is >= ' ' and < (char)127 ? c : '?'));
    }
}
