using Rewas.Faults;
using Rewas.Finish;
using Rewas.Studio;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>A made sound as a file.</summary>
public static class StudioExport
{
    public static readonly IReadOnlyList<string> Formats = ["mp4", "mov", "mkv", "webm", "wav", "flac"];

    /// <param name="request">What is wanted.</param>
    /// <param name="made">The sound.</param>
    /// <param name="video">The video's file.</param>
    /// <param name="facts">Of the video.</param>
    /// <param name="folder">Where files may lie; the caller removes it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The file.</returns>
    public static async Task<string> WriteAsync(ExportRequest request, MadeSound made, string video, VideoFacts facts, string folder, CancellationToken cancellation)
    {
        if (!Formats.Contains(request.Format))
            throw InputFault.Invalid("format", $"must be one of {string.Join(", ", Formats)}");
        if (request.Rank < 0 || request.Rank >= made.Candidates.Count)
            throw InputFault.Invalid("rank", $"must be from 0 to {made.Candidates.Count - 1}, but is {request.Rank}");
        if (request.Stem.Length == 0)
            ThrowUnlessHeld(facts, request.Format);
        var chosen = made with { Candidates = [made.Candidates[request.Rank]] };
        var path = Path.Combine(folder, $"export.{request.Format}");
        var options = Options(request.Finish ?? new()) with { CodecHeadroomDecibels = SoundExport.IsName(path) ? 0 : FinishOptions.LossyCodecHeadroom };
        var finished = await SoundFinisher.FinishAsync(chosen.Mix, video, facts, options, folder, cancellation);
        if (request.Stem.Length > 0)
        {
            var (name, sound) = chosen.Stems.FirstOrDefault(stem => stem.Name == request.Stem);
            if (name is null)
                throw InputFault.Invalid("stem", $"must be one of {string.Join(", ", chosen.Stems.Select(stem => stem.Name))}");
            if (request.Format != "wav")
                throw InputFault.Invalid("format", $"of a stem must be wav, but is {request.Format}");
            await SoundFinisher.WriteStemAsync((sound.Sound, sound.Decibels + finished.Report.GainDecibels), facts, options, folder, path, cancellation);
        }
        else if (SoundExport.IsName(path))
            await SoundExport.WriteAsync(finished.Sound, path, cancellation);
        else
            await Muxer.MuxAsync(video, facts, finished.Sound, path, cancellation);
        return path;
    }

    /// <summary>Finds out whether a format can hold the video's picture, before anything is made for it. One of sound alone holds none and needs none.</summary>
    /// <exception cref="InputFault">Invalid: it cannot; names the formats that can.</exception>
    public static void ThrowUnlessHeld(VideoFacts facts, string format)
    {
        if (!SoundExport.IsName($"export.{format}"))
            Muxer.ThrowUnlessHeld(facts, $"export.{format}");
    }

    /// <summary>What of the video a format cannot hold, in one line for people; null where it holds all, or holds sound alone.</summary>
    public static string? LeftOut(VideoFacts facts, string format) => SoundExport.IsName($"export.{format}") ? null : Muxer.LeftOut(facts, $"export.{format}");

    /// <summary>As it came over the wire, defaults filled in.</summary>
    /// <exception cref="InputFault">Invalid: what becomes of the video's own sound is unknown.</exception>
    public static FinishOptions Options(StudioFinish finish)
    {
        var defaults = new FinishOptions();
        return defaults with
        {
            LoudnessTarget = finish.HasLoudness ? finish.Loudness : null,
            TruePeakCeiling = finish.HasTruePeak ? finish.TruePeak : defaults.TruePeakCeiling,
            FadeSeconds = finish.FadeSeconds,
            SampleRate = finish.SampleRate == 0 ? defaults.SampleRate : finish.SampleRate,
            Channels = finish.Channels == 0 ? defaults.Channels : finish.Channels,
            Original = finish.Original switch
            {
                OriginalSoundChoice.Replace => OriginalSound.Replace,
                OriginalSoundChoice.Keep => OriginalSound.Keep,
                OriginalSoundChoice.Duck => OriginalSound.Duck,
                _ => throw InputFault.Invalid("original", $"{finish.Original} is unknown"),
            },
        };
    }
}
