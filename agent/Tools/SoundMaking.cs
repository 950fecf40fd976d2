using System.Text.Json;
using Rewas.Audio;
using Rewas.Client;
using Rewas.Conflict;
using Rewas.Curves;
using Rewas.Networks;
using Rewas.Video;

namespace Rewas.Agent;

/// <summary>Makes one candidate: sound from the known energy, muxed under the untouched picture, with a record of how.</summary>
static class SoundMaking
{
    /// <summary>Codecs of pictures that an MP4 file takes; Matroska takes all.</summary>
    static readonly string[] InMp4 = ["h264", "hevc", "mpeg4", "av1", "vp9", "mjpeg"];

    public static async Task<Candidate> MakeAsync(
        RewasClient client, Session session, SessionVideo video, SeenVideo seen, ConflictReport report, bool overridden, uint seed, Action<AgentEvent> emit, CancellationToken cancel)
    {
        var number = session.Candidates.Count + 1;
        var file = $"sound-{number}{(InMp4.Contains(video.Facts.Codec) ? ".mp4" : ".mkv")}";
        var (path, wave) = (Path.Combine(session.Folder, file), new List<float>());
        emit(new AgentEvent.Progress("generating", 0));
        var result = await client.GenerateAsync(
            new()
            {
                Video = VideoSource.FromFile(video.Path),
                Prompt = report.Prompt,
                Seed = seed,
                Energy = seen.Known,
                Edits = [.. video.Edits],
                Sink = (samples, _) =>
                {
                    wave.AddRange(samples.Span);
                    return ValueTask.CompletedTask;
                },
            },
            new DirectProgress(part => emit(new AgentEvent.Progress("generating", part))),
            cancel);
        var sound = Path.Combine(session.Folder, $"sound-{number}.wav");
        try
        {
            await WavFile.WriteAsync(sound, new Waveform([.. wave], ClipTiming.SampleRate), cancellationToken: cancel);
            await Muxer.MuxAsync(video.Path, video.Facts, sound, path, cancel);
        }
        finally
        {
            File.Delete(sound);
        }
        var record = new
        {
            output = file,
            video = video.Name,
            result.Bundle,
            result.BundleSha256,
            report.Prompt,
            seed,
            energyEdits = video.Edits.Select(edit => edit.ToString()),
            conflict = new { verdict = report.Verdict, report.Score, report.Abstained, overridden },
        };
        await File.WriteAllTextAsync(path + ".json", JsonSerializer.Serialize(record, SoundTools.Json), cancel);
        var curve = result.Energy.ToArray();
        var own = RecordingEnergy.Of([.. wave], new ClipTiming()).Values;
        var common = Math.Min(own.Length, curve.Length);
        return new(number, file, report.Prompt, seed, [.. video.Edits], Math.Round(Correlation.Pearson(curve.AsSpan(0, common), own[..common]), 3))
        {
            Video = video.Number,
            Bytes = new FileInfo(path).Length,
        };
    }
}
