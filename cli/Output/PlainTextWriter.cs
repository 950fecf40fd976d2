using System.Text;
using Rewas.Clip.Output;

namespace Rewas.Cli.Output;

/// <summary>Passes plain text, line feeds and tabs on to another writer. Everything else becomes '?'.</summary>
/// <remarks>A carriage return passes only before a line feed, as lines end on Windows.</remarks>
sealed class PlainTextWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(IsAllowed(value) ? value : '?');

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => inner.Write(Plain(buffer));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value)
    {
        // One write, so that lines of several threads do not mix.
        inner.WriteLine(Plain(value));
    }

    public override Task WriteAsync(string? value) => inner.WriteAsync(Plain(value));

    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(Plain(value));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync() => inner.FlushAsync();

    static string Plain(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            plain.Append(
                IsAllowed(text[i]) || text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? text[i] : '?');
        return plain.ToString();
    }

    static bool IsAllowed(char c) => PlainText.IsPlain(c) || c is '\n' or '\t';
}
