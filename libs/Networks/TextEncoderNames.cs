namespace Rewas.Networks;

/// <summary>Text encoders that are no networks of the catalog.</summary>
public static class TextEncoderNames
{
    /// <summary>The sentence encoder all-MiniLM-L6-v2. It comes with the program, so a bundle that uses it has no weights for it.</summary>
    public const string Sentences = "minilm";
}
