namespace Rewas.Clip.Names;

/// <summary>Text encoders that are not networks of the catalog.</summary>
public static class TextEncoderNames
{
    /// <summary>The sentence encoder all-MiniLM-L6-v2. It ships with the program, so bundles hold no weights for it.</summary>
    public const string Sentences = "minilm";
}
