using System.Globalization;
using Rewas.Faults;
using Rewas.SoundStudio;
using Rewas.V1;

namespace Rewas.Cli.Batch;

/// <summary>The columns of a manifest. All but file and prompt may be left out or empty; they are named, and mean, as the options of <c>rewas generate</c>.</summary>
static class BatchColumns
{
    public const string File = "file", Prompt = "prompt", Output = "output", Steps = "steps";

    /// <summary>Of a manifest that does not name them.</summary>
    public static readonly IReadOnlyList<string> Usual = [File, Prompt];

    /// <summary>How each is read into an item; the file and the output are the manifest's to read.</summary>
    static readonly Dictionary<string, Action<JobItem, string>> Readers = new(StringComparer.Ordinal)
    {
        [File] = (_, _) => { },
        [Output] = (_, _) => { },
        [Prompt] = (item, text) => item.Options.Prompt = text,
        ["seed"] = (item, text) => item.Options.Seed = (ulong)Whole("seed", text, Protocol.GenerateLimits.MaximumSeed),
        [Steps] = (item, text) => item.Options.Steps = (int)Whole(Steps, text, Protocol.GenerateLimits.MaximumSteps),
        ["guidance"] = (item, text) => item.Options.GuidanceScale = Number("guidance", text),
        ["sampler"] = (item, text) => item.Options.Sampler = text,
        ["spacing"] = (item, text) => item.Options.Spacing = text,
        ["negative"] = (item, text) => item.Options.NegativePrompt = text,
        ["energy-guidance"] = (item, text) => item.Options.EnergyGuidanceScale = Number("energy-guidance", text),
        ["guidance-rescale"] = (item, text) => item.Options.GuidanceRescale = Number("guidance-rescale", text),
        ["guidance-from"] = (item, text) => item.Options.GuidanceFrom = Number("guidance-from", text),
        ["guidance-to"] = (item, text) => item.Options.GuidanceTo = Number("guidance-to", text),
        ["control"] = (item, text) => item.Options.Control = text,
        ["join"] = (item, text) => item.Options.Join = text,
        ["ignore-cuts"] = (item, text) => item.Options.IgnoreCuts = YesNo("ignore-cuts", text),
        ["memory"] = (item, text) => item.Options.Memory = text,
        ["start-level"] = (item, text) => item.Options.StartLevel = Number("start-level", text),
        ["candidates"] = (item, text) => item.Options.Candidates = (int)Whole("candidates", text, Protocol.GenerateLimits.MaximumCandidates),
        ["environment"] = (item, text) => Environment(item).Prompt = text,
        ["environment-gain"] = (item, text) => Environment(item).Decibels = Number("environment-gain", text),
        ["loudness"] = (item, text) => item.Finish.Loudness = Number("loudness", text),
        ["true-peak"] = (item, text) => item.Finish.TruePeak = Number("true-peak", text),
        ["fade"] = (item, text) => item.Finish.FadeSeconds = Number("fade", text),
        ["sample-rate"] = (item, text) => item.Finish.SampleRate = (int)Whole("sample-rate", text, 1_000_000),
        ["stereo"] = (item, text) => item.Finish.Channels = YesNo("stereo", text) ? 2 : 1,
        ["original"] = (item, text) => item.Finish.Original = text switch
        {
            "replace" => OriginalSoundChoice.Replace,
            "keep" => OriginalSoundChoice.Keep,
            "duck" => OriginalSoundChoice.Duck,
            _ => throw InputFault.Invalid("original", $"must be keep, duck or replace, but is '{text}'"),
        },
    };

    public static string All { get; } = string.Join(", ", Readers.Keys);

    /// <summary>Whether a text is a column's name but for its case.</summary>
    public static bool IsName(string text) => Readers.Keys.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a line names columns instead of having fields.</summary>
    /// <exception cref="InputFault">It names file and prompt, but also something unknown, or something twice.</exception>
    public static bool AreNames(IReadOnlyList<string> fields)
    {
        if (!fields.Contains(File) || !fields.Contains(Prompt))
            return false;
        if (fields.Except(Readers.Keys).ToList() is { Count: > 0 } unknown)
            throw InputFault.Invalid("line 1", $"columns are {All}, but it names '{string.Join("', '", unknown.Select(name => name.Length <= 40 ? name : name[..40] + "..."))}'");
        return fields.Distinct().Count() == fields.Count ? true : throw InputFault.Invalid("line 1", "must name each column once");
    }

    /// <exception cref="InputFault">A value cannot be read or is out of range.</exception>
    public static JobItem Read(IReadOnlyDictionary<string, string> values)
    {
        var item = new JobItem { Options = new(), Finish = new() };
        foreach (var (column, value) in values)
            Readers[column](item, value);
        if (item.Environment is { } environment)
        {
            environment.Seed = (item.Options.Seed + 1) & uint.MaxValue;      // as `rewas generate` does
            if (!values.ContainsKey("environment"))
                throw InputFault.Invalid("environment-gain", "needs an environment");
            if (!values.ContainsKey("environment-gain"))
                environment.Decibels = Studio.EnvironmentLayer.UsualDecibels;
        }
        StudioOrder.ThrowIfInvalid(item.Options, item.Environment);
        InputFault.ThrowIfAny([.. StudioExport.Options(item.Finish).Faults()]);
        return item;
    }

    static StudioEnvironment Environment(JobItem item) => item.Environment ??= new();

    static bool YesNo(string column, string text) => text switch
    {
        "yes" or "true" or "1" => true,
        "no" or "false" or "0" => false,
        _ => throw InputFault.Invalid(column, $"must be yes or no, but is '{text}'"),
    };

    static double Number(string column, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw InputFault.Invalid(column, $"must be a number, but is '{(text.Length <= 40 ? text : text[..40] + "...")}'");

    static long Whole(string column, string text, long most) =>
        Number(column, text) is var value && value >= 0 && value <= most && value == Math.Floor(value)
            ? (long)value
            : throw InputFault.Invalid(column, $"must be a whole number from 0 to {most}, but is '{text}'");
}
