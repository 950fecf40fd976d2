using System.IO.Compression;
using System.Text.Json.Nodes;
using Rewas.Clip.Faults;
using Rewas.Rendering.Timelines;

namespace Rewas.Tests.Rendering.Timelines;

public sealed class OtioTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public static TheoryData<int, string, long, string> Starts() => new()
    {
        { 24_000, "01:00:00:00", 86_400, "00:59:59:23" },
        { 30_000, "01:00:00;00", 107_892, "00:59:59;29" },
    };

    [Theory]
    [MemberData(nameof(Starts))]
    public async Task What_is_written_is_read_back(int numerator, string start, long first, string before)
    {
        var cut = Cuts.Of(new(numerator, 1001), start);
        var path = folder.File("scene.otio");
        await TimelineFormats.WriteAsync(cut, path, byName: false, TestContext.Current.CancellationToken);
        var (read, _) = OtioReader.Read(await TimelineFormats.ReadTextAsync(path, TestContext.Current.CancellationToken), folder.Path);

        Assert.Equal((start, before), (read.Start.ToString(), read.Start.Plus(-1).ToString()));
        Assert.Equal((cut.Rate, first), (read.Rate, read.Start.Frame));
        Assert.Equal(cut.Tracks.Select(Facts), read.Tracks.Select(Facts));
        Assert.Equal(cut.Markers, read.Markers);
        foreach (var (wrote, got) in cut.Tracks.SelectMany(track => track.Clips).Zip(read.Tracks.SelectMany(track => track.Clips)))
        {
            Assert.Equal(
                (wrote.Name, wrote.Media, wrote.Available, wrote.Source, wrote.GainDecibels, wrote.Speed, wrote.Comment),
                (got.Name, got.Media, got.Available, got.Source, got.GainDecibels, got.Speed, got.Comment));
            Assert.Equal(0, wrote.At.CompareTo(got.At));
            Assert.Equal(wrote.Markers, got.Markers);
        }
        // Frames are frames: the first and the last one of each clip.
        Assert.Equal(
            [(first, first + 99), (first + 120, first + 239)],
            read.Tracks[0].Clips.Select(clip => (clip.Source.Start.Value, clip.Source.End.Value - 1)));

        // What was read is written as it was.
        var again = folder.File("again.otio");
        await TimelineFormats.WriteAsync(read, again, byName: false, TestContext.Current.CancellationToken);
        Assert.Equal(
            await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(again, TestContext.Current.CancellationToken));

        static (string, TimelineKind, bool, int) Facts(TimelineTrack track) => (track.Name, track.Kind, track.IsEnabled, track.Clips.Count);
    }

    /// <summary>The fields of each schema are those of OpenTimelineIO's list of serialised classes.</summary>
    [Fact]
    public async Task Each_object_has_the_fields_of_its_schema()
    {
        string[] item = ["metadata", "name", "source_range", "effects", "markers", "enabled"];
        var fields = new Dictionary<string, string[]>
        {
            ["Timeline.1"] = ["metadata", "name", "global_start_time", "tracks"],
            ["Stack.1"] = [.. item, "children"],
            ["Track.1"] = [.. item, "children", "kind"],
            ["Clip.2"] = [.. item, "media_references", "active_media_reference_key"],
            ["Gap.1"] = item,
            ["Marker.2"] = ["metadata", "name", "color", "marked_range", "comment"],
            ["ExternalReference.1"] = ["metadata", "name", "available_range", "available_image_bounds", "target_url"],
            ["LinearTimeWarp.1"] = ["metadata", "name", "effect_name", "time_scalar"],
            ["TimeRange.1"] = ["duration", "start_time"],
            ["RationalTime.1"] = ["rate", "value"],
        };
        var path = folder.File("scene.otio");
        await TimelineFormats.WriteAsync(Cuts.Of(Cuts.Film, "01:00:00:00"), path, byName: false, TestContext.Current.CancellationToken);
        var seen = new HashSet<string>();
        Check(JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!);
        Assert.Equal(fields.Keys.Order(), seen.Order());

        void Check(JsonNode? node)
        {
            if (node is JsonArray list)
                foreach (var one in list)
                    Check(one);
            if (node is not JsonObject json)
                return;
            if ((string?)json["OTIO_SCHEMA"] is { } schema)
            {
                seen.Add(schema);
                Assert.Equal(fields[schema].Order(), json.Select(field => field.Key).Where(key => key != "OTIO_SCHEMA").Order());
            }
            foreach (var (_, value) in json)
                Check(value);
        }
    }

    [Fact]
    public async Task A_bundle_holds_the_cut_and_its_files_under_names_of_their_own()
    {
        foreach (var name in new[] { "a", "b" })
        {
            Directory.CreateDirectory(folder.File(name));
            await File.WriteAllTextAsync(folder.File($"{name}/same name.wav"), name, TestContext.Current.CancellationToken);
        }
        TimelineClip Clip(string path) => new()
        {
            Name = "clip",
            Media = path,
            Source = new(new(0, Cuts.Samples), new(1, Cuts.Samples)),
            At = new(0, Cuts.Samples),
        };
        var cut = new Timeline("two", new(0, Cuts.Film))
        {
            Tracks =
            [
                new("one", TimelineKind.Audio, [Clip(folder.File("a/same name.wav"))]),
                new("two", TimelineKind.Audio, [Clip(folder.File("b/same name.wav"))]),
            ],
        };
        var path = folder.File("two.otioz");
        await TimelineFormats.WriteAsync(cut, path, byName: false, TestContext.Current.CancellationToken);
        using var zip = ZipFile.OpenRead(path);
        Assert.Equal(
            ["content.otio", "version.txt", "media/same name.wav", "media/same name-2.wav"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal("1.0.0", Text("version.txt"));
        Assert.Equal(("a", "b"), (Text("media/same name.wav"), Text("media/same name-2.wav")));
        Assert.Contains("\"media/same%20name-2.wav\"", Text("content.otio"), StringComparison.Ordinal);
        Assert.Equal(Text("content.otio"), await TimelineFormats.ReadTextAsync(path, TestContext.Current.CancellationToken));

        string Text(string name)
        {
            using var reader = new StreamReader(zip.GetEntry(name)!.Open());
            return reader.ReadToEnd();
        }
    }

    [Fact]
    public void Cuts_of_other_programs_are_read_and_keep_what_is_not_understood()
    {
        const string Foreign = """
            {"OTIO_SCHEMA": "Timeline.1", "name": "foreign", "metadata": {"other": {"kept": [1, 2]}}, "global_start_time": null, "tracks":
             {"OTIO_SCHEMA": "Stack.1", "children": [{"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [
              {"OTIO_SCHEMA": "Gap.1", "source_range": {"OTIO_SCHEMA": "TimeRange.1",
               "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 23.976, "value": 0},
               "duration": {"OTIO_SCHEMA": "RationalTime.1", "rate": 23.976, "value": 12}}},
              {"OTIO_SCHEMA": "Transition.1", "name": "dissolve"},
              {"OTIO_SCHEMA": "Clip.1", "name": "shot", "source_range": null, "media_reference": {"OTIO_SCHEMA": "ExternalReference.1",
               "target_url": "rushes/shot%201.mov", "available_range": {"OTIO_SCHEMA": "TimeRange.1",
               "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 23.976023976023978, "value": 86400},
               "duration": {"OTIO_SCHEMA": "RationalTime.1", "rate": 23.976, "value": 48.5}}}}]}]}}
            """;
        var (read, json) = OtioReader.Read(Foreign, "/work");
        var clip = Assert.Single(read.Tracks[0].Clips);
        Assert.Equal(("/work/rushes/shot 1.mov", new TimelineTime(86_400, Cuts.Film)), (clip.Media, clip.Source.Start));
        Assert.Equal((12 * 1001 / 24_000.0, 48.5 * 1001 / 24_000), (clip.At.Seconds, clip.Source.Duration.Seconds));
        var grown = JsonNode.Parse(OtioReader.WithTracks(json, [new("new", TimelineKind.Audio, [])], "/work"))!;
        Assert.Equal("[1,2]", grown["metadata"]!["other"]!["kept"]!.ToJsonString());
        Assert.Equal("dissolve", (string?)grown["tracks"]!["children"]![0]!["children"]![1]!["name"]);
        Assert.Equal("new", (string?)grown["tracks"]!["children"]![1]!["name"]);
    }

    [Theory]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "is not OpenTimelineIO")]
    [InlineData("{\"OTIO_SCHEMA\": \"Clip.2\"}", "must be a Timeline, but is 'Clip.2'")]
    [InlineData("{\"OTIO_SCHEMA\": \"Timeline.1\"}", "has no tracks")]
    [InlineData("{\"OTIO_SCHEMA\": \"Timeline.1\", \"tracks\": {\"OTIO_SCHEMA\": \"Stack.1\"}}", "has no children")]
    [InlineData("{\"OTIO_SCHEMA\": 3, \"OTIO_SCHEMA\": 4}", "is not OpenTimelineIO")]
    [InlineData(
        "{\"OTIO_SCHEMA\": \"Timeline.1\", \"global_start_time\": {\"rate\": 1e300, \"value\": 1}, \"tracks\": {\"children\": []}}",
        "a RationalTime must have a rate from 0.001 to 1000000, but is 1 at 1E+300")]
    [InlineData(
        "{\"OTIO_SCHEMA\": \"Timeline.1\", \"tracks\": {\"children\": [{\"OTIO_SCHEMA\": \"Stack.1\", \"name\": \"inner\"}]}}",
        "'inner' is a Stack; flatten it first")]
    [InlineData(
        "{\"OTIO_SCHEMA\": \"Timeline.1\", \"tracks\": {\"children\": "
            + "[{\"OTIO_SCHEMA\": \"Track.1\", \"enabled\": \"x\", \"children\": []}]}}",
        "is not OpenTimelineIO")]
    public void What_is_no_cut_is_refused_in_one_line(string text, string message)
    {
        var fault = Assert.Throws<InputFault>(() => OtioReader.Read(text, "/work"));
        Assert.Equal("timeline", fault.Field);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    public void Dispose() => folder.Dispose();
}
