using System.Text;
using Rewas.Clip.Output;
using Spectre.Console;

namespace Rewas.Cli.Output;

/// <summary>
/// The terminal. Most of what a command prints holds text from outside: names, tags, answers of a server or a language model. So
/// everything printed through <see cref="Console"/> is plain text. Only progress, whose texts are made plain one by one, may move the
/// cursor and use colours.
/// </summary>
static class Terminal
{
    /// <summary>Standard output and standard error, unchanged.</summary>
    static readonly TextWriter Out = Console.Out, Error = Console.Error;

    /// <summary>For tables on standard output.</summary>
    public static IAnsiConsole Tables => AnsiConsole.Create(new() { Out = new Unchanged(Out, Console.IsOutputRedirected) });

    /// <summary>For progress on standard error.</summary>
    public static IAnsiConsole Progress => AnsiConsole.Create(new() { Out = new Unchanged(Error, Console.IsErrorRedirected) });

    /// <summary>Makes all that is printed through <see cref="Console"/> from now on plain text.</summary>
    public static void PrintPlainText()
    {
        Console.SetOut(new PlainTextWriter(Out));
        Console.SetError(new PlainTextWriter(Error));
    }

    /// <summary>Replaces the text of the current line of standard error.</summary>
    public static void RewriteLine(string text) => Error.Write($"\r{PlainText.Of(text)}");

    /// <summary>Text from outside for a table or a description of progress.</summary>
    public static string Escape(string text) => Markup.Escape(PlainText.Of(text));

    /// <summary>Passes text on as it is.</summary>
    sealed class Unchanged(TextWriter writer, bool isRedirected) : IAnsiConsoleOutput
    {
        const int UsualWidth = 80, UsualHeight = 24;

        public TextWriter Writer => writer;

        public bool IsTerminal => !isRedirected;

        public int Width => isRedirected || Console.BufferWidth is 0 ? UsualWidth : Console.BufferWidth;

        public int Height => isRedirected || Console.WindowHeight is 0 ? UsualHeight : Console.WindowHeight;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
