namespace Rewas.Cli.Library;

/// <summary>Names and tags come from outside: they must not forge a line, nor a terminal's control sequence.</summary>
static class PlainText
{
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
