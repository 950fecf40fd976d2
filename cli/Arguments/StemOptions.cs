using System.CommandLine;
using Rewas.Clip.Faults;
using Rewas.Rendering;
using Rewas.Rendering.Timelines;

namespace Rewas.Cli.Arguments;

/// <summary>Options that write the layers of a sound as files of their own, and a timeline of them.</summary>
static class StemOptions
{
    static readonly Option<bool> Stems = new("--stems")
    {
        Description = "write each layer as a WAV file too: OUT.primary.wav, OUT.environment.wav",
    };
    static readonly Option<string?> Timeline = new("--timeline")
    {
        Description = $"write the video and the stems as a timeline too: .{string.Join(", .", TimelineFormats.All)}",
        HelpName = "FILE",
    };

    static readonly Option<string?> StemsAs = new("--stems-as")
    {
        Description = "stems as one file for each layer (layers), for each channel of a layer (mono: OUT.primary.L.wav), or for all (poly: "
            + "OUT.stems.wav) [default: layers]",
        HelpName = string.Join("|", FormNames),
    };

    public static IReadOnlyList<Option> All { get; } = [Stems, StemsAs, Timeline];

    static IEnumerable<string> FormNames => Enum.GetNames<StemForm>().Select(name => name.ToLowerInvariant());

    /// <summary>The files of a sound with those that the options ask for. With stems, the sound needs a finish.</summary>
    /// <exception cref="InputFault">The name of the timeline is that of no timeline, or it cannot have the stems in that form.</exception>
    public static SoundFiles AddTo(SoundFiles files, ParseResult arguments)
    {
        var (timeline, form) = (arguments.GetValue(Timeline) ?? files.Timeline, arguments.GetValue(StemsAs));
        if (timeline is not null)
            TimelineFormats.ThrowUnlessName(timeline);
        if (form is not null && !FormNames.Contains(form))
            throw InputFault.Invalid("stems-as", $"must be one of {string.Join(", ", FormNames)}, but is '{form}'");
        var stemsAs = form is null ? StemForm.Layers : Enum.Parse<StemForm>(form, ignoreCase: true);
        if (timeline is not null && stemsAs != StemForm.Layers)
            throw InputFault.Invalid("stems-as", $"must be layers with a timeline, whose tracks are the layers, but is {form}");
        return files with
        {
            Stems = files.Stems || arguments.GetValue(Stems) || form is not null || timeline is not null,
            StemsAs = stemsAs,
            Timeline = timeline,
        };
    }
}
