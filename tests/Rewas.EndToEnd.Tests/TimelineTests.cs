using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Rewas.EndToEnd.Tests;

/// <summary>Timelines out of <c>rewas generate</c> and into <c>rewas batch</c>.</summary>
public sealed class TimelineTests(TimelineTests.Things things) : IClassFixture<TimelineTests.Things>
{
    public sealed class Things : IDisposable
    {
        readonly TinyBundle bundle = new();

        public string Bundle => bundle.Bundle.Directory;

        public void Dispose() => bundle.Dispose();
    }

    [Theory]
    [InlineData("24000/1001", "01:00:00:00", 86_400, 172_972_800)]
    [InlineData("30000/1001", "01:00:00;00", 107_892, 172_799_827)]
    public async Task A_film_and_its_stems_lie_on_a_timeline_at_their_timecode(string rate, string timecode, long frame, long sample)
    {
        using var clips = new ClipFolder();
        var film = Film(clips, "reel 1.mov", rate, timecode, frames: 50);
        await OkAsync(
            "generate", film, "--prompt", "rain", "--environment", "wind", "--steps", "1", "--bundle", things.Bundle,
            "-o", clips.Path("out.wav"), "--broadcast", "--sample-format", "pcm24", "--timeline", clips.Path("scene.otio"));
        var tracks = Tracks(clips.Path("scene.otio"));
        Assert.Equal(["film", "primary", "environment"], tracks.Select(track => (string?)track["name"]));
        var shown = Clip(tracks[0]);
        Assert.Equal(("reel%201.mov", frame, 50L), (shown.Url, shown.Start, shown.Duration));
        var samples = (long)Math.Round(50 * 48_000 * 1001.0 / int.Parse(rate.Split('/')[0], CultureInfo.InvariantCulture));
        foreach (var (track, name) in tracks.Skip(1).Zip(["out.primary.wav", "out.environment.wav"]))
        {
            var stem = Clip(track);
            Assert.Equal((name, sample, samples), (stem.Url, stem.Start, stem.Duration));
            using var probe = await ProbeAsync(clips.Path(name));
            Assert.Equal(
                (FormattableString.Invariant($"{sample}"), samples),
                (probe.RootElement.GetProperty("format").GetProperty("tags").GetProperty("time_reference").GetString(),
                    probe.RootElement.GetProperty("streams")[0].GetProperty("duration_ts").GetInt64()));
        }
    }

    [Fact]
    public async Task An_editor_that_plays_the_timeline_hears_the_mix()
    {
        using var clips = new ClipFolder();
        var film = Film(clips, "reel.mov", "24000/1001", "01:00:00:00", frames: 50);
        await OkAsync(
            "generate", film, "--prompt", "rain", "--environment", "wind", "--steps", "1", "--bundle", things.Bundle, "--volume", "-12",
            "-o", clips.Path("out.wav"), "--timeline", clips.Path("scene.otio"));
        await MeltIsTheMixAsync(clips, Tracks(clips.Path("scene.otio")), "24000/1001", clips.Path("out.wav"));
    }

    [Fact]
    public async Task Each_clip_of_a_cut_gets_its_sound_and_the_cut_comes_back()
    {
        using var clips = new ClipFolder();
        Directory.CreateDirectory(clips.Path("rushes"));
        File.Move(Film(clips, "door.mov", "24000/1001", "01:00:00:00", frames: 60), clips.Path("rushes/door.mov"));
        File.Move(Film(clips, "heavy_rain-03.mov", "24000/1001", "02:00:00:00", frames: 60), clips.Path("rushes/heavy_rain-03.mov"));
        await File.WriteAllTextAsync(clips.Path("scene.otio"), Cut(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            clips.Path("scene.edl"),
            """
            TITLE: scene
            FCM: NON-DROP FRAME
            001  AX       V     C        01:00:00:10 01:00:01:16 10:00:00:00 10:00:01:06
            * FROM CLIP NAME: door.mov
            * COMMENT: a door closes
            002  AX       V     C        02:00:00:00 02:00:01:00 10:00:02:00 10:00:03:00
            * FROM CLIP NAME: heavy_rain-03
            """,
            TestContext.Current.CancellationToken);

        await File.WriteAllTextAsync(clips.Path("scene.fcpxml"), FinalCut, TestContext.Current.CancellationToken);

        foreach (var kind in new[] { "otio", "edl", "fcpxml" })
        {
            var folder = clips.Path(kind);
            await OkAsync("batch", clips.Path($"scene.{kind}"), "-o", folder, "--videos", clips.Path("rushes"), "--steps", "1",
                "--bundle", things.Bundle);
            foreach (var (name, frames, prompt) in new[] { ("01-door", 30, "a door closes"), ("02-heavy_rain-03", 24, "heavy rain") })
            {
                using var probe = await ProbeAsync(Path.Combine(folder, $"{name}.wav"));
                Assert.Equal(
                    (long)Math.Round(frames * 48_000 * 1001 / 24_000.0),
                    probe.RootElement.GetProperty("streams")[0].GetProperty("duration_ts").GetInt64());
                using var sidecar = JsonDocument.Parse(await File.ReadAllTextAsync(
                    Path.Combine(folder, $"{name}.wav.json"), TestContext.Current.CancellationToken));
                Assert.Equal(prompt, sidecar.RootElement.GetProperty("prompt").GetString());
            }
        }
        var tracks = Tracks(clips.Path("otio/scene-sound.otio"));
        Assert.Equal(["V1", "rewas"], tracks.Select(track => (string?)track["name"]));
        Assert.Equal("kept", (string?)tracks[0]["metadata"]!["other"]);
        var sounds = tracks[1]["children"]!.AsArray();
        Assert.Equal(["Clip.2", "Gap.1", "Clip.2"], sounds.Select(child => (string?)child!["OTIO_SCHEMA"]));
        Assert.Equal(
            [30.0, 18, 24], sounds.Select(child => (double)child!["source_range"]!["duration"]!["value"]!));
        Assert.Equal("02-heavy_rain-03.wav", (string?)sounds[2]!["media_references"]!["DEFAULT_MEDIA"]!["target_url"]);
        var list = await File.ReadAllTextAsync(clips.Path("edl/scene-sound.edl"), TestContext.Current.CancellationToken);
        Assert.Contains("00:00:00:00 00:00:01:00 10:00:02:00 10:00:03:00", list, StringComparison.Ordinal);

        var sequence = XDocument.Load(clips.Path("fcpxml/scene-sound.fcpxml")).Descendants("sequence").Single();
        Assert.Equal(
            [("01-door.wav", "86486400/24000s"), ("02-heavy_rain-03.wav", "86534448/24000s")],
            sequence.Descendants("asset-clip").Where(clip => clip.Attribute("audioRole")?.Value == "effects.rewas")
                .Select(clip => (clip.Attribute("name")!.Value, Fraction(clip.Attribute("offset")!.Value))));

        // Again: nothing is made twice.
        var again = await OkAsync(
            "batch", clips.Path("scene.otio"), "-o", clips.Path("otio"), "--videos", clips.Path("rushes"), "--steps", "1",
            "--bundle", things.Bundle);
        Assert.Contains("2 of 2 files made", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sound_that_was_made_before_is_rendered_with_its_timeline_and_its_stems()
    {
        using var clips = new ClipFolder();
        var film = Film(clips, "reel.mov", "24000/1001", "01:00:00:00", frames: 50);
        await OkAsync(
            "generate", film, "--prompt", "rain", "--environment", "wind", "--steps", "1", "--bundle", things.Bundle, "--broadcast",
            "--width", "1", "-o", clips.Path("out.wav"));
        var again = await OkAsync(
            "render", clips.Path("out.wav.json"), "--bundle", things.Bundle, "-o", clips.Path("again.wav"),
            "--timeline", clips.Path("again.otio"));
        Assert.Contains("; the same samples as before", again.Output, StringComparison.Ordinal);
        Assert.Equal(
            await File.ReadAllBytesAsync(clips.Path("out.wav"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(clips.Path("again.wav"), TestContext.Current.CancellationToken),
            SamplesAreEqual);
        var tracks = Tracks(clips.Path("again.otio"));
        Assert.Equal(["film", "primary", "environment"], tracks.Select(track => (string?)track["name"]));
        Assert.Equal(("again.primary.wav", 172_972_800L), (Clip(tracks[1]).Url, Clip(tracks[1]).Start));

        // A sidecar whose output is a timeline gives that timeline again.
        await OkAsync("render", clips.Path("out.wav.json"), "--bundle", things.Bundle, "-o", clips.Path("whole.otioz"));
        Assert.True(new FileInfo(clips.Path("whole.otioz")).Length > new FileInfo(clips.Path("again.primary.wav")).Length);

        await OkAsync("render", clips.Path("out.wav.json"), "--bundle", things.Bundle, "-o", clips.Path("split.wav"), "--stems-as", "mono");
        foreach (var name in new[] { "split.primary.L.wav", "split.primary.R.wav", "split.environment.L.wav", "split.environment.R.wav" })
            using (var probe = await ProbeAsync(clips.Path(name)))
                Assert.Equal(1, probe.RootElement.GetProperty("streams")[0].GetProperty("channels").GetInt32());
        await OkAsync("render", clips.Path("out.wav.json"), "--bundle", things.Bundle, "-o", clips.Path("poly.wav"), "--stems-as", "poly");
        using (var probe = await ProbeAsync(clips.Path("poly.stems.wav")))
            Assert.Equal(4, probe.RootElement.GetProperty("streams")[0].GetProperty("channels").GetInt32());

        foreach (var (options, fault) in new[]
        {
            (new[] { "--stems-as", "both" }, "stems-as: must be one of layers, mono, poly, but is 'both'"),
            (["--stems-as", "mono", "--timeline", clips.Path("x.otio")], "stems-as: must be layers with a timeline"),
            (["--timeline", clips.Path("x.aaf")], "timeline: its name must end in .otio"),
        })
        {
            var refused = await Programs.RewasAsync(
                ["render", clips.Path("out.wav.json"), "--bundle", things.Bundle, "-o", clips.Path("x.wav"), .. options]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(fault, refused.Error, StringComparison.Ordinal);
        }

        // The date of a broadcast file is that of its making.
        static bool SamplesAreEqual(byte[] one, byte[] other) => one.AsSpan()[^200_000..].SequenceEqual(other.AsSpan()[^200_000..]);
    }

    [Fact]
    public async Task A_wide_sound_that_follows_the_picture_is_made_again_from_its_sidecar()
    {
        using var clips = new ClipFolder();
        var film = clips.Make(
            "ball.mp4", "color=c=gray:s=320x180:r=25:d=2[b];color=c=red:s=30x30:r=25:d=2[o];[b][o]overlay=x=5+142*t:y=90",
            "-c:v", "libx264", "-pix_fmt", "yuv420p");
        await OkAsync(
            "generate", film, "--prompt", "rain", "--steps", "1", "--bundle", things.Bundle, "--width", "0.5", "--pan", "picture",
            "-o", clips.Path("out.wav"));
        using (var sidecar = JsonDocument.Parse(await File.ReadAllTextAsync(
            clips.Path("out.wav.json"), TestContext.Current.CancellationToken)))
        {
            var options = sidecar.RootElement.GetProperty("options");
            Assert.Equal(
                (0.5, "picture", true),
                (options.GetProperty("width").GetDouble(), options.GetProperty("pan").GetString(),
                    options.GetProperty("stereo").GetBoolean()));
        }
        await OkAsync("render", clips.Path("out.wav.json"), "--bundle", things.Bundle, "-o", clips.Path("again.wav"));
        Assert.Equal(
            await File.ReadAllBytesAsync(clips.Path("out.wav"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(clips.Path("again.wav"), TestContext.Current.CancellationToken));
        foreach (var (option, value, fault) in new[]
        {
            ("--width", "2", "width: must be from 0 to 1, but is 2"), ("--pan", "left", "pan: must be picture or a number from -1 to 1"),
        })
        {
            var refused = await Programs.RewasAsync("generate", film, "--prompt", "rain", "-o", clips.Path("x.wav"), option, value);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(fault, refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_cut_with_a_missing_file_is_refused_in_one_line()
    {
        using var clips = new ClipFolder();
        await File.WriteAllTextAsync(clips.Path("scene.otio"), Cut(), TestContext.Current.CancellationToken);
        var outcome = await Programs.RewasAsync("batch", clips.Path("scene.otio"), "-o", clips.Path("out"), "--bundle", things.Bundle);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("timeline: 'door.mov' is not below", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sound_without_a_picture_is_made_in_a_batch_and_as_a_timeline()
    {
        using var clips = new ClipFolder();
        await File.WriteAllTextAsync(
            clips.Path("sounds.csv"), "seconds,prompt,sample-format,output\n1.5,rain on a roof,pcm16,\n0.8,wind,,wind.flac\n",
            TestContext.Current.CancellationToken);
        await OkAsync("batch", clips.Path("sounds.csv"), "-o", clips.Path("out"), "--steps", "1", "--bundle", things.Bundle,
            "--timeline", clips.Path("all.otio"));
        using (var probe = await ProbeAsync(clips.Path("out/rain-on-a-roof.wav")))
            Assert.Equal(
                ("pcm_s16le", 72_000L),
                (probe.RootElement.GetProperty("streams")[0].GetProperty("codec_name").GetString(),
                    probe.RootElement.GetProperty("streams")[0].GetProperty("duration_ts").GetInt64()));
        var sound = Tracks(clips.Path("all.otio")).Single();
        Assert.Equal([150.0, 80], sound["children"]!.AsArray().Select(clip => (double)clip!["source_range"]!["duration"]!["value"]!));
        using var sidecar = JsonDocument.Parse(await File.ReadAllTextAsync(
            clips.Path("out/wind.flac.json"), TestContext.Current.CancellationToken));
        Assert.True(sidecar.RootElement.GetProperty("video").GetProperty("blank").GetBoolean());
        var refused = await Programs.RewasAsync("batch", Csv("seconds,prompt,output\n1,rain,rain.mp4\n"), "-o", clips.Path("out"));
        Assert.Contains("line 2: output: must end in .wav or .flac without a file", refused.Error, StringComparison.Ordinal);
        refused = await Programs.RewasAsync("batch", Csv("file,seconds,prompt\n,,rain\n"), "-o", clips.Path("out"));
        Assert.Contains(
            "line 2: file: must be given, but is empty; for sound without a picture, give seconds", refused.Error,
            StringComparison.Ordinal);
        refused = await Programs.RewasAsync("batch", Csv("seconds,prompt\n0.01,rain\n"), "-o", clips.Path("out"));
        Assert.Contains("line 2: seconds: must be from 0.1 to", refused.Error, StringComparison.Ordinal);

        string Csv(string text)
        {
            File.WriteAllText(clips.Path("wrong.csv"), text);
            return clips.Path("wrong.csv");
        }
    }

    /// <summary>melt plays the tracks that are on, as an editor would: the result is our mix.</summary>
    static async Task MeltIsTheMixAsync(ClipFolder clips, IReadOnlyList<JsonNode> tracks, string rate, string mix)
    {
        var heard = tracks.Where(track => (string?)track["kind"] == "Audio" && (bool)track["enabled"]!).ToList();
        var frames = (int)Clip(tracks[0]).Duration;
        var playlists = heard.Select((track, i) => new XElement("playlist", new XAttribute("id", $"p{i}"),
            new XElement("entry", new XAttribute("producer", $"c{i}"), new XAttribute("in", 0), new XAttribute("out", frames - 1))));
        var producers = heard.Select((track, i) => new XElement("producer", new XAttribute("id", $"c{i}"),
            Property("resource", clips.Path(Uri.UnescapeDataString(Clip(track).Url))), Property("mlt_service", "avformat")));
        var mixing = Enumerable.Range(1, heard.Count - 1).Select(i => new XElement("transition",
            Property("a_track", "0"), Property("b_track", $"{i}"), Property("mlt_service", "mix"), Property("always_active", "1"),
            Property("sum", "1")));
        var mlt = new XElement("mlt",
            new XElement("profile",
                new XAttribute("frame_rate_num", rate.Split('/')[0]), new XAttribute("frame_rate_den", rate.Split('/')[1]),
                new XAttribute("width", 64), new XAttribute("height", 64), new XAttribute("progressive", 1),
                new XAttribute("sample_aspect_num", 1), new XAttribute("sample_aspect_den", 1),
                new XAttribute("display_aspect_num", 1), new XAttribute("display_aspect_den", 1), new XAttribute("colorspace", 709)),
            producers, playlists,
            new XElement("tractor",
                heard.Select((_, i) => new XElement("track", new XAttribute("producer", $"p{i}"), new XAttribute("hide", "video"))),
                mixing));
        mlt.Save(clips.Path("cut.mlt"));
        try
        {
            var played = await Programs.RunUntilItEndsAsync(
                "melt",
                [
                    clips.Path("cut.mlt"), "-consumer", $"avformat:{clips.Path("melt.wav")}", "vn=1", "acodec=pcm_f32le", "ar=48000",
                    "channels=1",
                ],
                new Dictionary<string, string> { ["QT_QPA_PLATFORM"] = "offscreen" });
            Assert.Equal(0, played.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("melt is not installed (Debian's package melt)");
        }
        var (theirs, ours) = (Samples(clips.Path("melt.wav")), Samples(mix));
        var (error, power) = (0.0, 0.0);
        Assert.InRange(theirs.Length, ours.Length - 2100, ours.Length + 2100);      // a frame
        for (var i = 0; i < Math.Min(theirs.Length, ours.Length); i++)
            (error, power) = (error + Math.Pow(theirs[i] - ours[i], 2), power + Math.Pow(ours[i], 2));
        var decibels = 10 * Math.Log10(error / power);
        Assert.True(decibels < -60, FormattableString.Invariant($"melt differs by {decibels:0.0} dB"));
    }

    static XElement Property(string name, string value) => new("property", new XAttribute("name", name), value);

    static float[] Samples(string path) =>
        MemoryMarshal.Cast<byte, float>(ClipFolder.Run("-i", "file:" + path, "-f", "f32le", "-ac", "1", "-")).ToArray();

    static string Film(ClipFolder clips, string name, string rate, string timecode, int frames) => clips.Make(
        name, $"testsrc2=size=96x64:rate={rate}", "-frames:v", $"{frames}", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25",
        "-timecode", timecode);

    static IReadOnlyList<JsonNode> Tracks(string path) =>
        [.. JsonNode.Parse(File.ReadAllText(path))!["tracks"]!["children"]!.AsArray().Select(track => track!)];

    static (string Url, long Start, long Duration) Clip(JsonNode track)
    {
        var clip = track["children"]!.AsArray().Single(child => (string?)child!["OTIO_SCHEMA"] == "Clip.2")!;
        return (
            (string)clip["media_references"]!["DEFAULT_MEDIA"]!["target_url"]!,
            (long)(double)clip["source_range"]!["start_time"]!["value"]!, (long)(double)clip["source_range"]!["duration"]!["value"]!);
    }

    /// <summary>30 frames of a door from its frame 10, a gap of 18 frames, and 24 frames of rain.</summary>
    static string Cut()
    {
        static string Time(int frames) =>
            $"{{\"OTIO_SCHEMA\": \"RationalTime.1\", \"rate\": 23.976023976023978, \"value\": {frames}}}";
        static string Range(int start, int duration) =>
            $"{{\"OTIO_SCHEMA\": \"TimeRange.1\", \"start_time\": {Time(start)}, \"duration\": {Time(duration)}}}";
        static string Shot(string name, string url, int first, int start, int duration, string markers) =>
            $"{{\"OTIO_SCHEMA\": \"Clip.1\", \"name\": \"{name}\", \"source_range\": {Range(start, duration)}, \"markers\": [{markers}], "
            + "\"media_reference\": {\"OTIO_SCHEMA\": \"ExternalReference.1\", \"target_url\": \"" + url + "\", \"available_range\": "
            + $"{Range(first, 60)}}}}}";
        return "{\"OTIO_SCHEMA\": \"Timeline.1\", \"name\": \"scene\", \"tracks\": {\"OTIO_SCHEMA\": \"Stack.1\", \"children\": ["
            + "{\"OTIO_SCHEMA\": \"Track.1\", \"name\": \"V1\", \"kind\": \"Video\", \"metadata\": {\"other\": \"kept\"}, \"children\": ["
            + Shot(
                "door", "file:///Volumes/Media/door.mov", 86_400, 86_410, 30,
                "{\"OTIO_SCHEMA\": \"Marker.2\", \"name\": \"Marker 1\", \"comment\": \"a door closes\", "
                + $"\"marked_range\": {Range(86_415, 0)}}}")
            + $", {{\"OTIO_SCHEMA\": \"Gap.1\", \"source_range\": {Range(0, 18)}}}, "
            + Shot("heavy_rain-03.mov", "rushes/heavy_rain-03.mov", 172_800, 172_800, 24, "") + "]}]}}";
    }

    /// <summary>A time of FCPXML with the denominator 24000.</summary>
    static string Fraction(string time)
    {
        var parts = time.TrimEnd('s').Split('/');
        var below = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        return $"{long.Parse(parts[0], CultureInfo.InvariantCulture) * 24_000 / below}/24000s";
    }

    /// <summary>The same cut as <see cref="Cut"/>.</summary>
    const string FinalCut = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE fcpxml>
        <fcpxml version="1.10">
          <resources>
            <format id="r1" frameDuration="1001/24000s"/>
            <asset id="r2" name="door" start="86486400/24000s" duration="60060/24000s" hasVideo="1">
              <media-rep kind="original-media" src="file:///Volumes/Media/door.mov"/>
            </asset>
            <asset id="r3" name="rain" start="172972800/24000s" duration="60060/24000s" hasVideo="1" src="rushes/heavy_rain-03.mov"/>
          </resources>
          <library><event><project name="scene"><sequence format="r1" tcStart="86486400/24000s"><spine>
            <asset-clip ref="r2" name="door" offset="86486400/24000s" start="86496410/24000s" duration="30030/24000s">
              <marker start="86501415/24000s" duration="1001/24000s" value="Marker 1" note="a door closes"/>
            </asset-clip>
            <gap duration="18018/24000s"/>
            <asset-clip ref="r3" name="heavy_rain-03.mov" duration="24024/24000s"/>
          </spine></sequence></project></event></library>
        </fcpxml>
        """;

    static async Task<JsonDocument> ProbeAsync(string path) => JsonDocument.Parse((await Programs.RunAsync(
        "ffprobe", ["-v", "error", "-of", "json", "-show_format", "-show_streams", path])).Output);

    static async Task<Outcome> OkAsync(params string[] arguments)
    {
        var outcome = await Programs.RewasAsync(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }
}
