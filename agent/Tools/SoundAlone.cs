using Rewas.Agent.Sessions;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Rendering;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Agent.Tools;

/// <summary>Makes sound without a picture: from a prompt and a length. There is nothing that the prompt could contradict.</summary>
static class SoundAlone
{
    /// <summary>Number of the video of a candidate that has none.</summary>
    public const int NoVideo = 0;

    /// <summary>:: Step 1: make the black video that stands for no picture. :: Step 2: make the sound. :: Step 3: store it.</summary>
    /// <param name="seconds">0.1 s to the longest video.</param>
    public static async Task<Candidate> MakeAsync(
        AgentParts parts, Session session, string prompt, double seconds, uint seed, Action<AgentEvent> emit, CancellationToken cancel)
    {
        // :: Step 1
        InputFault.ThrowUnlessInRange("seconds", seconds, WithoutPicture.Shortest, new VideoLimits().MaxDuration.TotalSeconds);
        var number = session.Candidates.Count + 1;
        var name = $"sound-{number}.{WithoutPicture.UsualFormat}";
        var blank = Path.Combine(session.Folder, $".{name}.{BlankVideo.Name}");
        try
        {
            await BlankVideo.WriteAsync(blank, TimeSpan.FromSeconds(seconds), cancel);
            var clip = new VideoClip(blank, await Session.ProbeAsync(blank, cancel)) { Name = BlankVideo.Name };

            // :: Step 2
            var files = new SoundFiles(Path.Combine(session.Folder, name)) { Name = name };
            var order = new SoundOrder
            {
                Options = new() { Prompt = prompt, Seed = seed },
                References = session.Recordings.ToMessage(),
            };
            WithoutPicture.Complete(order, seconds);
            await using var room = session.Files is { } kept
                ? await kept.ReserveAsync(files.MostBytes(videoBytes: 0, clip.Facts.Duration), cancel)
                : null;
            emit(new AgentEvent.Progress("generating", 0));
            var made = await parts.Maker.MakeFileAsync(
                order, clip.AsBlank(), files, new(), new DirectProgress(part => emit(new AgentEvent.Progress("generating", part))), cancel);
            var candidate = new Candidate(number, name, prompt, seed, [])
            {
                Video = NoVideo,
                Seconds = seconds,
                Bytes = new FileInfo(files.Output).Length,
                Recordings = made.Sidecar.References is { } own
                    ? [.. own.Recordings.Select(recording => recording.Name)]
                    : [.. (made.Sidecar.Recordings ?? []).Select(recording => $"{recording.Caption} by {recording.Author}")],
            };

            // :: Step 3
            if (room is not null)
                await room.KeepAsync(session.Folder, candidate, cancel);
            return candidate;
        }
        finally
        {
            File.Delete(blank);
        }
    }
}
