using System.CommandLine;
using System.CommandLine.Parsing;

namespace BsdVm.Cli;

/// <summary>What is wrong with a command line, in its user's words: the parser's own messages name types of the program.</summary>
internal static class CommandLineCheck
{
    /// <summary>Throws for a command line that makes no sense.</summary>
    public static void Check(ParseResult parsed, RootCommand root)
    {
        Command command = parsed.CommandResult.Command;
        string help = command == root ? "see bsdvm --help" : $"see bsdvm {command.Name} --help";
        if (UnknownOption(parsed, command) is { } option)
        {
            throw new UsageException($"unknown option '{option}'; {help}");
        }

        if (command == root && parsed.UnmatchedTokens is [var name, ..])
        {
            throw new UsageException($"unknown command '{name}'; valid: {Names(root)}; {help}");
        }

        if (command == root && parsed.Tokens.Count == 0)
        {
            throw new UsageException($"a command is needed: {Names(root)}; {help}");
        }

        if (parsed.Tokens.Any(static token => token.Value.Length == 0))
        {
            throw new UsageException($"an argument is empty: a file name or a value is missing; {help}");
        }

        if (parsed.Errors is [var error, ..])
        {
            throw new UsageException($"{Text(parsed, error)}; {help}");
        }
    }

    private static string Names(RootCommand root) => string.Join(", ", root.Subcommands.Select(static command => command.Name));

    private static string Text(ParseResult parsed, ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens: [var value], Option: var option } when option.ValueType == typeof(int?) =>
            $"{option.Name} {value.Value}: not a whole number",
        _ when parsed.UnmatchedTokens is [var extra, ..] => $"unexpected argument '{extra}'",
        _ => error.Message.TrimEnd('.'),
    };

    // The parser takes an option that it does not know for a file name.
    private static string? UnknownOption(ParseResult parsed, Command command)
    {
        Token? before = null;
        foreach (Token token in parsed.Tokens)
        {
            if (token.Type == TokenType.DoubleDash)
            {
                return null;
            }

            if (token.Type == TokenType.Argument && token.Value.Length > 1 && token.Value[0] == '-' && !TakesValue(before, command))
            {
                return token.Value.Split('=')[0];
            }

            before = token;
        }

        return parsed.UnmatchedTokens.FirstOrDefault(static token => token.Length > 1 && token[0] == '-')?.Split('=')[0];
    }

    private static bool TakesValue(Token? token, Command command) =>
        token is { Type: TokenType.Option }
        && command.Options.FirstOrDefault(option => option.Name == token.Value || option.Aliases.Contains(token.Value)) is { } option
        && option.ValueType != typeof(bool);
}
