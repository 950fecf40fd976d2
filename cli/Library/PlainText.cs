namespace Rewas.Cli.Library;

/// <summary>Removes control characters. Names and tags are untrusted: they could fake a line or send a terminal sequence.</summary>
static class PlainText
{
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
