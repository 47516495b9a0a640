using System.CommandLine;
using System.Text.Json.Nodes;

namespace BsdVm.Cli;

/// <summary><c>list</c>: every name that another command takes.</summary>
internal static class ListCommand
{
    private static readonly (string Group, Func<IEnumerable<(string Name, string Text)>> Names)[] Groups =
    [
        ("pmaps", static () => Choices.PmapNames),
        ("indexes", static () => Choices.Indexes),
        ("anons", static () => Choices.Anons),
        ("policies", static () => Choices.Policies),
        ("workloads", static () => Traces.Workload.Names),
        ("formats", static () => Choices.Formats),
    ];

    public static Command Create(Context context)
    {
        var what = new Argument<string?>("WHAT") { Arity = ArgumentArity.ZeroOrOne, Description = "pmaps, indexes, anons, policies, workloads or formats; all if left out" };
        var json = new Option<bool>("--json") { Description = "One JSON document" };
        var command = new Command("list", "Prints every name that another command takes.\nExample: bsdvm list pmaps") { what, json };
        command.SetAction(parsed => Run(context, parsed.GetValue(what), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Context context, string? what, bool asJson)
    {
        var chosen = Groups.Where(group => what is null || group.Group == what).ToList();
        if (chosen.Count == 0)
        {
            throw Choices.Unknown("list", what!, Groups.Select(static group => group.Group));
        }

        if (asJson)
        {
            JsonObject document = JsonDocumentWriter.Start("list", null);
            foreach ((string group, Func<IEnumerable<(string Name, string Text)>> names) in chosen)
            {
                document[group] = new JsonArray([.. names().Select(static name => new JsonObject { ["name"] = name.Name, ["description"] = name.Text })]);
            }

            context.Output.WriteLine(JsonDocumentWriter.Text(document));
            return Application.Success;
        }

        foreach ((string group, Func<IEnumerable<(string Name, string Text)>> names) in chosen)
        {
            var table = new Table(group, "");
            foreach ((string name, string text) in names())
            {
                table.Add("  " + name, text);
            }

            table.Write(context.Output);
        }

        return Application.Success;
    }
}
