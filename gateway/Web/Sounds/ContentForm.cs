using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>The form in which a sound is asked for. What is absent is as the sound was ordered.</summary>
sealed record ContentForm
{
    const int LongestName = 255;

    [FromQuery(Name = "format")]
    [Description(
        "mp4, mov, mkv or webm: the video with sound. wav or flac: the sound alone. otioz: a timeline with the video and the stems. otio, "
        + "edl or fcpxml: a timeline that names the video and the stems, each of which is the content with stem=.")]
    public string? Format { get; init; }

    [FromQuery(Name = "sample-format")]
    [Description("pcm16, pcm24, pcm32 or float32, of a wav or flac.")]
    public string? SampleFormat { get; init; }

    [FromQuery(Name = "sample-rate")]
    [Description("Samples per second, 16000 to 192000.")]
    public int? SampleRate { get; init; }

    [FromQuery(Name = "broadcast")]
    [Description("Broadcast wave: with bext and iXML.")]
    public bool? Broadcast { get; init; }

    [FromQuery(Name = "name")]
    [Description("Name under which a browser saves the file, 1 to 255 characters. Absent: sound, with its ending.")]
    public string? Name { get; init; }

    /// <summary>The name of the file.</summary>
    /// <param name="usual">If none is asked for.</param>
    /// <exception cref="InputFault">It cannot be that of a file.</exception>
    public string NameOr(string usual) => Name switch
    {
        null => usual,
        { Length: > 0 and <= LongestName } when Name.All(c => c is not ('/' or '\\') && !char.IsControl(c)) => Name,
        _ => throw InputFault.Invalid("name", $"must have 1 to {LongestName} characters, none of them / or \\"),
    };

    /// <summary>Whether nothing but WAV is asked for.</summary>
    public bool IsPlainWave => Format is null or "wav" && SampleFormat is null && SampleRate is null && Broadcast is null;

    /// <summary>Sets the form of an export. What differs from the order is merged with it.</summary>
    public async Task SetAsync(ExportRequest export, SoundStudio.SoundStudioClient studio, CancellationToken cancellation)
    {
        export.Format = Format ?? "";
        if (SampleFormat is null && SampleRate is null && Broadcast is null)
            return;
        var ordered = (await studio.GetRenderAsync(new() { RenderId = export.RenderId }, cancellationToken: cancellation)).Request;
        if (SampleRate is { } rate)
        {
            export.Finish = ordered.Finish ?? new();
            export.Finish.SampleRate = rate;
        }
        if (SampleFormat is null && Broadcast is null)
            return;
        export.Delivery = ordered.Delivery ?? new();
        export.Delivery.SampleFormat = SampleFormat ?? export.Delivery.SampleFormat;
        export.Delivery.Broadcast = Broadcast ?? export.Delivery.Broadcast;
    }
}
