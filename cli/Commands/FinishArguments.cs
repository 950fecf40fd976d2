using System.CommandLine;
using Rewas.Faults;
using Rewas.Finish;
using Rewas.Protocol;
using Rewas.Studio;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary>How the sound is finished, as options.</summary>
static class FinishArguments
{
    static readonly Option<string?> Loudness = NumberOption.Create("--loudness", "LUFS", "programme loudness to reach, -50 to -5: -23 for broadcast, -16 to -14 for the web [default: as it is]");
    static readonly Option<string?> TruePeak = NumberOption.Create("--true-peak", "DBTP", "the true peak stays below, -9 to -0.1 [default: -1]");
    static readonly Option<string?> Fade = NumberOption.Create("--fade", "SECONDS", "fades at both ends, 0 to 10");
    static readonly Option<string?> SampleRate = NumberOption.Create("--sample-rate", "HZ", "16000, 24000, 32000, 44100 or 48000 [default: 48000 when the sound is finished]");
    static readonly Option<bool> Stereo = new("--stereo") { Description = "two channels, the same in both; the video's own sound stays in stereo" };
    static readonly Option<string?> Original = new("--original") { Description = "the video's own sound: replace, keep, or duck under the new one [default: replace]", HelpName = "keep|duck|replace" };
    static readonly Option<string?> Environment = new("--environment") { Description = "what to hear behind the prompt: a layer of its own, which follows the picture slowly", HelpName = "TEXT" };
    static readonly Option<string?> EnvironmentGain = NumberOption.Create("--environment-gain", "DB", "its level in the mix, -60 to 12 [default: -12]");
    static readonly Option<bool> Stems = new("--stems") { Description = "write each layer as a WAV file too: OUT.primary.wav, OUT.environment.wav" };

    static readonly Option<string?> Candidates = NumberOption.Create("--candidates", "N", "sounds to choose from, 1 to 8: the best by its scores is the output, the others are OUT.candidate-2.wav, ... [default: 1]");

    public static IReadOnlyList<Option> All => [Candidates, Loudness, TruePeak, Fade, SampleRate, Stereo, Original, Environment, EnvironmentGain, Stems];

    /// <summary>What was asked for; null where nothing was and the output does not need it.</summary>
    /// <exception cref="InputFault">A value that cannot be read.</exception>
    public static FinishOptions? Finish(ParseResult arguments, string output)
    {
        var isFlac = Path.GetExtension(output).Equals(".flac", StringComparison.OrdinalIgnoreCase);
        if (!isFlac && !All.Any(option => arguments.GetResult(option) is { Implicit: false }))
            return null;
        var defaults = new FinishOptions();
        return defaults with
        {
            LoudnessTarget = arguments.Number(Loudness),
            TruePeakCeiling = arguments.Number(TruePeak) ?? defaults.TruePeakCeiling,
            FadeSeconds = arguments.Number(Fade) ?? defaults.FadeSeconds,
            SampleRate = (int)(arguments.WholeNumber(SampleRate, 1, 1_000_000) ?? defaults.SampleRate),
            Channels = arguments.GetValue(Stereo) ? 2 : 1,
            Original = arguments.GetValue(Original) switch
            {
                null or "replace" => OriginalSound.Replace,
                "keep" => OriginalSound.Keep,
                "duck" => OriginalSound.Duck,
                var other => throw InputFault.Invalid("original", $"must be keep, duck or replace, but is '{other}'"),
            },
        };
    }

    public static EnvironmentLayer? Layer(ParseResult arguments, long seed)
    {
        var (prompt, gain) = (arguments.GetValue(Environment), arguments.Number(EnvironmentGain));
        if (prompt is null)
            return gain is null ? null : throw InputFault.Invalid("environment-gain", "needs --environment TEXT");
        InputFault.ThrowUnlessInRange("environment-gain", gain ?? EnvironmentLayer.UsualDecibels, -60, 12);
        if (string.IsNullOrWhiteSpace(prompt))
            throw InputFault.Invalid("environment", "must have 1 to 2000 characters, but is empty");
        if (!GenerateLimits.HasWords(prompt))
            throw InputFault.Invalid("environment", $"must have a letter or a digit, but is '{prompt}'");
        return new(prompt, (seed + 1) & uint.MaxValue, gain ?? EnvironmentLayer.UsualDecibels);
    }

    public static int CandidateCount(ParseResult arguments) => (int)(arguments.WholeNumber(Candidates, 1, GenerateLimits.MaximumCandidates) ?? 1);

    public static bool WithStems(ParseResult arguments) => arguments.GetValue(Stems);
}
