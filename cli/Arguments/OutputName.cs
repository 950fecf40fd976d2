using Rewas.Clip.Faults;

namespace Rewas.Cli.Arguments;

/// <summary>The ending of an output's name says what is in it. Whatever reads the file believes the name.</summary>
static class OutputName
{
    /// <param name="path">The output; null for none.</param>
    /// <param name="field">The option that names it.</param>
    /// <param name="endings">What is written: ".png".</param>
    /// <exception cref="InputFault">Invalid: its name ends otherwise.</exception>
    public static void ThrowUnless(string? path, string field, params string[] endings)
    {
        if (path is not null && !endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw InputFault.Invalid(
                field, $"its name must end in {string.Join(" or ", endings)}, but ends in '{Path.GetExtension(path)}'");
    }
}
