using Rewas.Clip.Faults;

namespace Rewas.Cli.Arguments;

/// <summary>Checks that the extension of an output's name matches its content, because other programs trust the extension.</summary>
static class OutputName
{
    /// <param name="path">The output; null for none.</param>
    /// <param name="field">The option that names it.</param>
    /// <param name="endings">The accepted extensions, such as ".png".</param>
    /// <exception cref="InputFault">Invalid: the name has another extension.</exception>
    public static void ThrowUnless(string? path, string field, params string[] endings)
    {
        if (path is not null && !endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw InputFault.Invalid(
                field, $"its name must end in {string.Join(" or ", endings)}, but ends in '{Path.GetExtension(path)}'");
    }
}
