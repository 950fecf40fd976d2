using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Cli.Batch;

/// <summary>
/// A cut as a manifest: a sound for each of its parts. The parts are cut out of their files frame by frame. The sounds come back as new
/// tracks of the same cut.
/// </summary>
sealed class TimelineBatch
{
    const string Field = "timeline", TrackName = "rewas";
    const int MostNameCharacters = 60;

    readonly string path;
    readonly Timeline timeline;
    readonly JsonObject? json;
    readonly IReadOnlyList<(TimelinePart Part, string Output)> parts;

    TimelineBatch(
        string path, Timeline timeline, JsonObject? json, IReadOnlyList<(TimelinePart, string)> parts, BatchManifest manifest,
        string folder)
    {
        (this.path, this.timeline, this.json, this.parts) = (path, timeline, json, parts);
        (Manifest, CutsFolder) = (manifest, folder);
    }

    /// <summary>An item for each part, whose video is its cut.</summary>
    public BatchManifest Manifest { get; }

    /// <summary>Folder of the cuts.</summary>
    public string CutsFolder { get; }

    /// <summary>:: Step 1: read the cut. :: Step 2: find its files. :: Step 3: cut out the parts.</summary>
    /// <param name="path">An .otio, .otioz, .edl or .fcpxml file.</param>
    /// <param name="videos">Folder of the videos; all must be below it.</param>
    /// <param name="format">Format of the sounds.</param>
    /// <param name="defaults">Options of all items, by name.</param>
    /// <param name="cuts">Folder for the cuts; created if it is missing.</param>
    /// <exception cref="InputFault">The cut cannot be read, or a file is missing or has no such frames.</exception>
    public static async Task<TimelineBatch> ReadAsync(
        string path, string videos, string format, IReadOnlyDictionary<string, string> defaults, string cuts, CancellationToken cancel)
    {
        if (!SoundFiles.IsSound(format))
            throw InputFault.Invalid("format", $"of the sounds of a timeline must be wav or flac, but is {format}");

        // :: Step 1
        var text = await TimelineFormats.ReadTextAsync(path, cancel);
        var media = new TimelineMedia(videos);
        var folderOfCut = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var (timeline, json) = TimelineFormats.Of(path) switch
        {
            "edl" => (await EdlAsync(text, media, cancel), null),
            "fcpxml" => (FcpXmlReader.Read(text, folderOfCut), null),
            _ => OtioReader.Read(text, folderOfCut),
        };
        var found = TimelineParts.Of(timeline);

        // :: Step 2 and 3
        var folder = Directory.CreateDirectory(cuts).FullName;
        var (items, parts) = (new List<BatchItem>(), new List<(TimelinePart, string)>());
        foreach (var (part, number) in found.Select((part, i) => (part, i + 1)))
        {
            var (file, facts) = await media.FindAsync(part.Clip.Media!, cancel);
            var (first, frames) = FramesOf(part, facts);
            var cut = $"{await FileHash.OfAsync(file, cancel)}-{first}-{frames}.mp4";
            if (!File.Exists(Path.Combine(folder, cut)))
                await VideoCut.WriteAsync(file, facts, first, frames, Path.Combine(folder, cut), cancel);
            var output = NameOf(part, number, found.Count, format);
            var values = new Dictionary<string, string>(defaults, StringComparer.Ordinal)
            {
                [BatchColumns.File] = cut,
                [OrderTable.Prompt.Name] = part.Prompt,
            };
            items.Add(Item(number, values, new(Path.Combine(folder, cut)), output, part.Clip.Name));
            parts.Add((part, output));
        }
        return new(path, timeline, json, parts, BatchManifest.Of(Encoding.UTF8.GetBytes(text), items, folder), folder);
    }

    /// <summary>Name of the timeline with the sounds, in the folder of the outputs, if the user gives none.</summary>
    public string ResultName => $"{Path.GetFileNameWithoutExtension(path)}-sound{Path.GetExtension(path).ToLowerInvariant()}";

    /// <summary>Writes the cut with the sounds that were made.</summary>
    /// <param name="folder">Folder of the outputs.</param>
    public async Task WriteAsync(string result, string folder, CancellationToken cancel)
    {
        var made = parts.Select(part => (part.Part, Path: Path.Combine(folder, part.Output))).Where(part => File.Exists(part.Path));
        var tracks = TimelineLanes.Of(TrackName, TimelineKind.Audio, [.. made.Select(part => Sound(part.Part, part.Path))]);
        // The JSON of another program keeps everything that this one does not know.
        if (json is not null && TimelineFormats.Of(result) == "otio")
        {
            using var file = PartialFile.Create(result, Field);
            await File.WriteAllTextAsync(
                file.Path, OtioReader.WithTracks(json, tracks, Path.GetDirectoryName(Path.GetFullPath(result))!), cancel);
            file.Complete();
            return;
        }
        await TimelineFormats.WriteAsync(timeline with { Tracks = [.. timeline.Tracks, .. tracks] }, result, byName: false, cancel);
    }

    static TimelineClip Sound(TimelinePart part, string path)
    {
        var whole = new TimelineRange(part.Source.Duration with { Value = 0 }, part.Source.Duration);
        return new()
        {
            Name = Path.GetFileName(path),
            Media = path,
            Available = whole,
            Source = whole,
            At = part.At,
            Comment = part.Prompt,
            Notes = new() { ["prompt"] = part.Prompt },
        };
    }

    /// <summary>A list does not say its rate, so that of its first film counts.</summary>
    static async Task<Timeline> EdlAsync(string text, TimelineMedia media, CancellationToken cancel)
    {
        var (title, events) = EdlReader.Parse(text);
        var picture = events.FirstOrDefault(one => one.HasPicture) ?? throw InputFault.Invalid(Field, "has no event with a picture");
        var (_, facts) = await media.FindAsync(picture.Names.First(), cancel);
        return EdlReader.ToTimeline(title, events, facts.Rate);
    }

    /// <summary>The frames of a part in its file. The clock of a file begins at its timecode, if the cut counts so.</summary>
    static (long First, long Frames) FramesOf(TimelinePart part, VideoFacts facts)
    {
        var start = part.Clip.Available?.Start.In(facts.Rate).Value;
        var from = part.Source.Start.In(facts.Rate).Value;
        var timecode = facts.Timecode?.Frame ?? 0;
        var (first, frames) = (from - (start ?? (from >= timecode ? timecode : 0)), part.Source.Duration.In(facts.Rate).Value);
        return first >= 0 && frames >= 2 && first + frames <= facts.Frames ? (first, frames) : throw InputFault.Invalid(
            Field,
            $"the clip '{part.Clip.Name}' has frames {first} to {first + frames - 1}, but its file has frames 0 to {facts.Frames - 1}"
            + (frames < 2 ? "; at least 2 are needed" : ""));
    }

    static string NameOf(TimelinePart part, int number, int count, string format)
    {
        var name = string.Concat(
            Path.GetFileNameWithoutExtension(part.Clip.Name).Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        var digits = count.ToString(CultureInfo.InvariantCulture).Length;
        return $"{number.ToString(CultureInfo.InvariantCulture).PadLeft(Math.Max(2, digits), '0')}-"
            + $"{(name.Length <= MostNameCharacters ? name : name[..MostNameCharacters])}.{format}";
    }

    static BatchItem Item(int number, Dictionary<string, string> values, FileInfo cut, string output, string clip)
    {
        try
        {
            var wanted = BatchColumns.Read(values);
            (wanted.Name, wanted.Format) = (output, Path.GetExtension(output)[1..]);
            return new(number, cut.Name, cut, output, wanted);
        }
        catch (InputFault fault)
        {
            throw InputFault.Invalid(Field, $"the clip '{clip}': {fault.Message}", fault);
        }
    }
}
