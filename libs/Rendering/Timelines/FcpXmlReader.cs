using System.Xml.Linq;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Rendering.Timelines;

/// <summary>
/// Reads the sequence of an FCPXML file, whoever wrote it. Each lane becomes a track, with its pictures and its sound apart. What stands
/// for other clips (compound, multicam and synchronised clips, auditions) is refused. Gaps, titles and generators show no file, so only
/// their time counts.
/// </summary>
public sealed class FcpXmlReader
{
    const string Field = "timeline";
    const int MostClips = 10_000;

    /// <summary>Elements with a time of their own in a spine or a lane.</summary>
    static readonly HashSet<string> Story = ["asset-clip", "clip", "video", "audio", "gap", "title"];

    static readonly HashSet<string> Nested = ["ref-clip", "sync-clip", "mc-clip", "audition"];

    readonly XElement sequence;
    readonly Func<string, string?> pathOf;
    readonly FrameRate rate;
    readonly TimelineTime zero, start;
    readonly Dictionary<string, FcpXmlAsset> assets;
    readonly FcpXmlLanes lanes = new();
    readonly List<TimelineMarker> markers = [];
    int clips;

    FcpXmlReader(XElement root, Func<string, string?> pathOf)
    {
        if (root.Name.LocalName != "fcpxml")
            throw Wrong($"must be an fcpxml, but is a '{root.Name.LocalName}'");
        this.pathOf = pathOf;
        sequence = root.Descendants("project").Elements("sequence").Take(2).ToArray() switch
        {
            [var one] => one,
            [] => throw Wrong("has no project with a sequence"),
            _ => throw Wrong("must have one project, but has several; export one"),
        };
        rate = Resources("format").FirstOrDefault(format => format.Text("id") == sequence.Text("format"))?.Text("frameDuration")
            is { Length: > 0 } frame
            ? FcpXmlTime.ReadRate(frame)
            : throw Wrong("the format of its sequence must have a frameDuration");
        (zero, start) = (new(0, rate), sequence.Time("tcStart", rate) ?? new(0, rate));
        assets = Resources("asset").DistinctBy(asset => asset.Text("id"))
            .ToDictionary(asset => asset.Text("id"), asset => FcpXmlAsset.Of(asset, rate));

        IEnumerable<XElement> Resources(string kind) => root.Elements("resources").Elements(kind);
    }

    /// <param name="text">The file.</param>
    /// <param name="folder">Folder of the file, for relative addresses.</param>
    /// <exception cref="InputFault">It is no FCPXML, or holds what is not read.</exception>
    public static Timeline Read(string text, string folder)
    {
        var root = BoundedXml.Read(text, Field);
        try
        {
            return new FcpXmlReader(root, address => MediaAddress.PathOf(address, folder)).Timeline();
        }
        catch (Exception failure) when (failure is OverflowException or FormatException or ArgumentException)
        {
            throw InputFault.Invalid(Field, $"is not FCPXML: {failure.Message.Split('\n')[0]}", failure);
        }
    }

    Timeline Timeline()
    {
        if (sequence.Element("spine") is { } spine)
            AddSpine(spine, zero, lane: 0);
        var drops = sequence.Text("tcFormat") == "DF" && rate.MayDrop;
        return new(sequence.Parent!.Text("name"), new(start.In(rate).Value, rate, drops)) { Tracks = lanes.Tracks, Markers = markers };
    }

    /// <param name="at">Where the spine begins, from the start of the timeline.</param>
    void AddSpine(XElement spine, TimelineTime at, int lane)
    {
        var (next, own) = (at, lane == 0 ? start : zero);                    // the main spine counts from the start timecode
        foreach (var item in spine.Elements().Where(IsStory))
            next = Add(item, item.Time("offset", rate) is { } offset ? at.Plus(offset.Minus(own)) : next, lane);
    }

    /// <summary>Adds an element with all that is connected to it.</summary>
    /// <returns>Its end.</returns>
    TimelineTime Add(XElement item, TimelineTime at, int lane)
    {
        if (++clips > MostClips)
            throw InputFault.Exhausted(Field, $"must have at most {MostClips} clips, but has more");
        var inner = InnerOf(item);
        var asset = AssetOf(inner);
        ReadOnlySpan<FrameRate> rates = asset?.Rates ?? [rate];
        var from = item.Time("start", rates) ?? (inner == item ? asset?.Start : null) ?? zero;
        var duration = item.Time("duration", rates) ?? asset?.Duration ?? throw Wrong($"'{item.Text("name")}' must have a duration");
        if (duration.Value < 0)
            throw Wrong($"'{item.Text("name")}' must not have a negative duration");
        if (asset is not null)
        {
            // In a <clip>, the file lies at a place of the clip's own clock.
            var shift = inner == item ? zero
                : (inner.Time("start", rates) ?? asset.Start ?? zero).Minus(inner.Time("offset", rates) ?? zero);
            lanes.Add(
                Clip(item, asset, new(from.Plus(shift), duration), at, shift), lane, IsSound(item, inner, asset, lane), item);
        }
        else
            markers.AddRange(item.Markers(at.Minus(from), rate));
        foreach (var connected in item.Elements().Where(child => child.Attribute("lane") is not null))
        {
            var place = at.Plus((connected.Time("offset", rate) ?? from).Minus(from));
            if (connected.Name.LocalName == "spine")
                AddSpine(connected, place, connected.Lane());
            else if (IsStory(connected))
                Add(connected, place, connected.Lane());
        }
        return at.Plus(duration);
    }

    TimelineClip Clip(XElement item, FcpXmlAsset asset, TimelineRange source, TimelineTime at, TimelineTime shift)
    {
        var (gain, fadeIn, fadeOut) = item.Levels();
        return new()
        {
            Name = item.Text("name") is { Length: > 0 } name ? name : asset.Name,
            Media = asset.Address.Length > 0 ? pathOf(asset.Address) ?? asset.Address : null,
            Available = asset.Whole,
            Source = source,
            At = at,
            Speed = item.Speed(),
            GainDecibels = gain,
            FadeInSeconds = fadeIn,
            FadeOutSeconds = fadeOut,
            Comment = item.Element("note")?.Value.Trim() ?? "",
            Markers = [.. item.Markers(shift, rate)],
        };
    }

    /// <summary>Sound lies below the main spine, and a file without a picture is sound wherever it lies.</summary>
    static bool IsSound(XElement item, XElement inner, FcpXmlAsset asset, int lane) =>
        lane < 0 || !asset.HasPicture || inner.Name.LocalName == "audio" || item.Text("srcEnable") == "audio";

    /// <exception cref="InputFault">It stands for other clips.</exception>
    static bool IsStory(XElement item) => Nested.Contains(item.Name.LocalName)
        ? throw Wrong($"must have clips, gaps and titles alone, but '{item.Text("name")}' is a {item.Name.LocalName}; break it apart first")
        : Story.Contains(item.Name.LocalName);

    /// <summary>What names the file: the element itself, or the picture or sound that a clip wraps.</summary>
    static XElement InnerOf(XElement item) => item.Name.LocalName != "clip" ? item
        : item.Elements().FirstOrDefault(child => child.Name.LocalName is "video" or "audio" && child.Attribute("lane") is null) ?? item;

    /// <summary>The file of an element; null for a gap, a title or a generator.</summary>
    FcpXmlAsset? AssetOf(XElement inner) => assets.TryGetValue(inner.Text("ref"), out var asset) ? asset
        : inner.Name.LocalName != "asset-clip" ? null
        : throw Wrong($"'{inner.Text("name")}' must name one of its resources, but names '{inner.Text("ref")}'");

    static InputFault Wrong(string what) => InputFault.Invalid(Field, what);
}
