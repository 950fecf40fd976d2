using Rewas.Cli.Arguments;
using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Cli.Batch;

/// <summary>The files of a batch as a timeline: the films one after another, each with its sound.</summary>
static class FilmTimeline
{
    /// <param name="folder">Folder of the outputs. Those that were not made are left out.</param>
    public static async Task<Timeline> OfAsync(string name, BatchManifest manifest, string folder, CancellationToken cancel)
    {
        var (films, sounds) = (new List<TimelineClip>(), new List<TimelineClip>());
        Timecode? start = null;
        var at = new TimelineTime(0, new(25, 1));
        foreach (var item in manifest.Items)
        {
            var output = Path.Combine(folder, item.Output);
            if (!File.Exists(output))
                continue;
            var facts = item.Video is null ? null : await VideoProbe.ReadAsync(item.Video.FullName, SharedOptions.NoLimits, cancel);
            if (start is null)
            {
                start = facts?.Timecode ?? new(0, facts?.Rate ?? new(25, 1));
                at = new(0, start.Value.Rate);
            }
            var duration = facts is null
                ? new TimelineTime((long)Math.Round(item.Wanted.BlankSeconds * 100), new(100, 1))
                : new(facts.Frames, facts.Rate);
            if (facts is not null)
                films.Add(Clip(item.Video!.FullName, new(new(facts.Timecode?.Frame ?? 0, facts.Rate), duration), item));
            sounds.Add(Clip(output, new(duration with { Value = 0 }, duration), item));
            at = at.Plus(duration);
        }
        return new(name, start ?? new(0, new(25, 1)))
        {
            Tracks =
            [
                .. films.Count > 0 ? [new TimelineTrack("film", TimelineKind.Video, films)] : Array.Empty<TimelineTrack>(),
                .. sounds.Count > 0 ? [new TimelineTrack("sound", TimelineKind.Audio, sounds)] : Array.Empty<TimelineTrack>(),
            ],
        };

        TimelineClip Clip(string path, TimelineRange whole, BatchItem item) => new()
        {
            Name = Path.GetFileName(path),
            Media = path,
            Available = whole,
            Source = whole,
            At = at,
            Comment = item.Wanted.Options.Prompt,
            Notes = new() { ["prompt"] = item.Wanted.Options.Prompt },
        };
    }
}
