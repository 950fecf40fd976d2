using Rewas.Faults;
using Rewas.V1;

namespace Rewas.Protocol;

/// <summary>Ranges of a sound request. Command line, client and service all check them here and give the same messages.</summary>
public static class GenerateLimits
{
    public const int MaximumPromptCharacters = 2000;
    public const long MaximumSeed = uint.MaxValue;
    public const int MaximumSteps = 1000;
    public const double MaximumGuidanceScale = 30;
    public const int MaximumCandidates = 8;

    /// <summary>Mel frames of the longest sound, 100 per second: one day.</summary>
    public const long MaximumFrames = 24 * 3600 * 100;

    /// <summary>Lists everything that is out of range or not finite. Null means the bundle's default.</summary>
    public static IReadOnlyList<InputFault> Faults(string? prompt, Int128 seed, int? steps, double? guidanceScale, double? eta)
    {
        var faults = new List<InputFault>();
        if (string.IsNullOrWhiteSpace(prompt))
            faults.Add(InputFault.Invalid("prompt", $"must have 1 to {MaximumPromptCharacters} characters, but is empty"));
        else if (prompt.Length > MaximumPromptCharacters)
            faults.Add(InputFault.Invalid("prompt", $"must have 1 to {MaximumPromptCharacters} characters, but has {prompt.Length}"));
        else if (!HasWords(prompt))
            {
                var shown = prompt.Length <= 40 ? prompt : prompt[..40] + "...";
                faults.Add(InputFault.Invalid(
                    "prompt", $"must have a letter or a digit: without one the text encoder hears nothing, but is '{shown}'"));
            }
        if (seed < 0 || seed > MaximumSeed)
            faults.Add(InputFault.Invalid("seed", $"must be from 0 to {MaximumSeed}, but is {seed}"));
        faults.AddRange(InputFault.OutOfRange("steps", steps, 1, MaximumSteps));
        faults.AddRange(InputFault.OutOfRange("guidance", guidanceScale, 1, MaximumGuidanceScale));
        faults.AddRange(InputFault.OutOfRange("eta", eta, 0, 1));
        return faults;
    }

    /// <summary>Whether a text contains any possible word.</summary>
    public static bool HasWords(string text) => text.EnumerateRunes().Any(System.Text.Rune.IsLetterOrDigit);

    /// <summary>Throws one fault with all errors of options from the wire. There, 0 steps or guidance means the bundle's default.</summary>
    /// <exception cref="InputFault">A value is out of range or not finite.</exception>
    public static void ThrowUnlessInRange(GenerateOptions options) => InputFault.ThrowIfAny(
    [
        .. Faults(
            options.Prompt,
            options.Seed,
            options.Steps == 0 ? null : options.Steps,
            options.GuidanceScale == 0 ? null : options.GuidanceScale,
            options.HasEta ? options.Eta : null),
        .. SamplingChoice.Of(options).Faults(),
        .. options.Candidates is < 0 or > MaximumCandidates
            ? [InputFault.Invalid("candidates", $"must be from 1 to {MaximumCandidates}, but is {options.Candidates}")]
            : Array.Empty<InputFault>(),
        .. options.Frames is < 0 or > MaximumFrames
            ? [InputFault.Invalid("frames", $"must be from 0 to {MaximumFrames}, but is {options.Frames}")]
            : Array.Empty<InputFault>(),
    ]);
}
