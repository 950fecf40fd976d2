namespace Rewas.Clip.Names;

/// <summary>How the words of a prompt are taken, by the names used everywhere.</summary>
public static class WordsNames
{
    /// <summary>Words that say no or how loud are understood, and other languages are translated.</summary>
    public const string Understood = "understood";

    /// <summary>The text encoder reads the prompt as it is.</summary>
    public const string Literal = "literal";

    public static readonly IReadOnlyList<string> All = [Understood, Literal];
}
