using System.Text;
using Rewas.Clip.Faults;
using Rewas.Rendering.Timelines;
using Rewas.Video;

namespace Rewas.Tests.Rendering.Timelines;

public sealed class FcpXmlReaderTests
{
    const string Folder = "/cuts";

    [Theory]
    [InlineData(24_000, "01:00:00:00")]
    [InlineData(30_000, "01:00:00;00")]
    [InlineData(30_000, "00:59:58;00")]
    public void What_is_written_is_read_back_to_the_frame_and_the_sample(int numerator, string start)
    {
        var cut = Cuts.Of(new(numerator, 1001), start);
        var text = FcpXmlWriter.Write(cut, clip => "file://" + clip.Media!.Replace(" ", "%20", StringComparison.Ordinal));
        var read = FcpXmlReader.Read(text, Folder);
        Assert.Equal((cut.Name, cut.Start), (read.Name, read.Start));
        Assert.Equal(
            cut.Tracks.Select(track => (track.Kind, track.IsEnabled, track.Clips.Count)),
            read.Tracks.Select(track => (track.Kind, track.IsEnabled, track.Clips.Count)));
        Assert.Equal(cut.Markers.Select(Facts), read.Markers.Select(Facts));
        foreach (var (one, got) in cut.Tracks.SelectMany(track => track.Clips).Zip(read.Tracks.SelectMany(track => track.Clips)))
        {
            Assert.Equal((one.Name, one.Media, one.Comment), (got.Name, got.Media, got.Comment));
            Assert.Equal((one.Source, one.Available), (got.Source, got.Available));
            Assert.Equal(0, one.At.CompareTo(got.At));
            Assert.Equal((one.GainDecibels, one.Speed), (got.GainDecibels, got.Speed));
            Assert.Equal((one.FadeInSeconds, one.FadeOutSeconds), (got.FadeInSeconds, got.FadeOutSeconds));
            Assert.Equal(one.Markers.Select(Facts), got.Markers.Select(Facts));
        }
        Assert.Equal(text, FcpXmlWriter.Write(read, clip => "file://" + clip.Media!.Replace(" ", "%20", StringComparison.Ordinal)));

        // Colours are not in FCPXML.
        static (string, TimelineRange) Facts(TimelineMarker marker) => (marker.Name, marker.Range);
    }

    [Fact]
    public void Cuts_of_other_programs_are_read()
    {
        var read = FcpXmlReader.Read(Foreign, Folder);
        Assert.Equal(("Scene 12", "01:00:00:00", new FrameRate(24_000, 1001)), (read.Name, read.Start.ToString(), read.Rate));
        Assert.Equal(
            ["V0 2", "V1 1", "A0 1", "dialogue-1 1"], read.Tracks.Select(track => $"{track.Name} {track.Clips.Count}"));
        var (door, rain) = (read.Tracks[0].Clips[0], read.Tracks[0].Clips[1]);
        Assert.Equal(("door.mov", "/Volumes/Media/door.mov", "a door closes"), (door.Name, door.Media, door.Comment));
        Assert.Equal((86_410, 30, 0), (door.Source.Start.Value, door.Source.Duration.Value, door.At.Value));
        Assert.Equal(86_400, door.Available!.Value.Start.Value);
        Assert.Equal(("slam", 86_415, 0), (door.Markers[0].Name, door.Markers[0].Range.Start.Value, door.Markers[0].Range.Duration.Value));

        // After a gap of 18 frames: a <clip> whose file begins 12 frames after the clip's own zero.
        Assert.Equal(
            ("heavy_rain-03", "/cuts/media/heavy rain.mov", 48L), (rain.Name, rain.Media, rain.At.Value));
        Assert.Equal((100 + 5 - 12, 24), (rain.Source.Start.Value, rain.Source.Duration.Value));
        Assert.Equal(("storm", 100 + 7 - 12, 10), Only(rain.Markers));

        var bird = read.Tracks[1].Clips.Single();                            // connected to the door, 6 frames after its start
        Assert.Equal(("bird", 6L, 1.5), (bird.Name, bird.At.Value, bird.Speed));
        var steps = read.Tracks[2].Clips.Single();                           // sound alone, in the main spine
        Assert.Equal((TimelineKind.Audio, 72L), (read.Tracks[2].Kind, steps.At.Value));
        var voice = read.Tracks[3].Clips.Single();                           // in a storyline below the rain, after a gap
        Assert.Equal((new TimelineTime(48, read.Rate).Seconds + 0.5, -3.5), (voice.At.Seconds, voice.GainDecibels));
        Assert.Equal(new(24_000, new(48_000, 1)), voice.Source.Duration);
        var part = TimelineParts.Of(read with { Tracks = [read.Tracks[0]] }).Single();
        Assert.Equal(("storm", 10L), (part.Prompt, part.Source.Duration.Value));

        static (string, long, long) Only(IReadOnlyList<TimelineMarker> markers) =>
            (markers.Single().Name, markers[0].Range.Start.Value, markers[0].Range.Duration.Value);
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        { "", "is not XML" },
        { "<fcpxml", "is not XML" },
        { "<xmeml version=\"5\"/>", "must be an fcpxml, but is a 'xmeml'" },
        { "<fcpxml/>", "has no project with a sequence" },
        { "<fcpxml><project><sequence format=\"r1\"/></project></fcpxml>", "the format of its sequence must have a frameDuration" },
        { Cut("", format: "frameDuration=\"0s\""), "'0s' is no duration of a frame" },
        { Cut("", format: "frameDuration=\"1/0s\""), "'1/0s' is no time such as 1001/24000s" },
        { Cut("<gap duration=\"24\"/>"), "'24' is no time such as 1001/24000s" },
        { Cut("<gap duration=\"99999999999999999999s\"/>"), "is no time" },
        { Cut("<gap duration=\"-1s\"/>"), "must not have a negative duration" },
        { Cut("<gap name=\"space\"/>"), "'space' must have a duration" },
        { Cut("<asset-clip name=\"x\" ref=\"r9\" duration=\"1s\"/>"), "'x' must name one of its resources, but names 'r9'" },
        { Cut("<ref-clip name=\"act 1\"/>"), "must have clips, gaps and titles alone, but 'act 1' is a ref-clip; break it apart first" },
        { Cut("<gap duration=\"1s\"><mc-clip lane=\"1\"/></gap>"), "is a mc-clip" },
        { Cut("<gap duration=\"1s\"><gap lane=\"one\" duration=\"1s\"/></gap>"), "must have a whole number as lane" },
        { Cut("") .Replace("</library>", Project("") + "</library>", StringComparison.Ordinal), "must have one project, but has several" },
        { "<!DOCTYPE fcpxml [<!ENTITY a \"b\">]>" + Cut("<gap name=\"&a;\" duration=\"1s\"/>"), "must not declare entities" },
        { "<!DOCTYPE fcpxml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" + Cut(""), "must not declare entities" },
        { "<!DOCTYPE fcpxml>" + Cut("<gap name=\"&a;\" duration=\"1s\"/>"), "is not XML" },
        { "<!DOCTYPE fcpxml SYSTEM \"http://127.0.0.1:9/x.dtd\">" + Cut("<gap name=\"&a;\" duration=\"1s\"/>"), "is not XML" },
        { Cut(Nested(100)), "must have elements at most 64 deep" },
        { Cut(string.Concat(Enumerable.Repeat("<gap duration=\"1s\"/>", 10_001))), "must have at most 10000 clips" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_read_is_told_in_one_line(string text, string message)
    {
        var fault = Assert.Throws<InputFault>(() => FcpXmlReader.Read(text, Folder));
        Assert.StartsWith("timeline: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_document_type_without_declarations_is_accepted_and_fetched_from_nowhere()
    {
        var text = "<!DOCTYPE fcpxml SYSTEM \"http://127.0.0.1:9/x.dtd\">" + Cut("<gap duration=\"1s\"/>");
        Assert.Empty(FcpXmlReader.Read(text, Folder).Tracks);
    }

    [Fact]
    public void Damaged_files_are_faults_and_nothing_else()
    {
        var random = new Random(7);
        for (var trial = 0; trial < 3_000; trial++)
        {
            var text = new StringBuilder(Foreign);
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0:
                        text[at] = (char)random.Next(32, 127);
                        break;
                    case 1:
                        text.Remove(at, Math.Min(text.Length - at, random.Next(1, 20)));
                        break;
                    default:
                        text.Insert(at, Words[random.Next(Words.Length)]);
                        break;
                }
            }
            try
            {
                FcpXmlReader.Read(text.ToString(), Folder);
            }
            catch (InputFault)
            {
            }
        }
    }

    static readonly string[] Words =
        ["s", "/", "9999999999", "-", "<gap/>", " lane=\"-2147483648\"", " duration=\"1/3s\"", "</spine>", "\"", "&#x41;", "1e308"];

    static string Cut(string spine, string format = "frameDuration=\"1001/24000s\"") =>
        $"<fcpxml version=\"1.9\"><resources><format id=\"r1\" {format}/></resources><library>{Project(spine)}</library></fcpxml>";

    static string Project(string spine) =>
        $"<event><project name=\"p\"><sequence format=\"r1\" tcStart=\"0s\"><spine>{spine}</spine></sequence></project></event>";

    static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<gap lane=\"1\" duration=\"1s\">", depth)) + string.Concat(Enumerable.Repeat("</gap>", depth));

    const string Foreign = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE fcpxml>
        <fcpxml version="1.10">
          <resources>
            <format id="r1" name="FFVideoFormat1080p2398" frameDuration="1001/24000s" width="1920" height="1080"/>
            <asset id="r2" name="door" start="86486400/24000s" duration="60060/24000s" hasVideo="1" format="r1" hasAudio="1">
              <media-rep kind="original-media" src="file:///Volumes/Media/door.mov"/>
            </asset>
            <asset id="r3" name="heavy rain" src="media/heavy%20rain.mov" start="100100/24000s" duration="60060/24000s" hasVideo="1"/>
            <asset id="r4" name="steps" src="file:///sounds/steps.wav" start="0s" duration="5s" hasAudio="1" audioRate="48000"/>
            <effect id="r5" name="Title" uid=".../Titles"/>
          </resources>
          <library location="file:///Users/anna/Movies/Untitled.fcpbundle/">
            <event name="day 1">
              <project name="Scene 12">
                <sequence format="r1" tcStart="86486400/24000s" tcFormat="NDF" duration="120120/24000s">
                  <spine>
                    <asset-clip ref="r2" offset="86486400/24000s" name="door.mov" start="86496410/24000s" duration="30030/24000s">
                      <note>a door closes</note>
                      <asset-clip ref="r2" lane="1" offset="86502416/24000s" name="bird" duration="10010/24000s">
                        <timeMap>
                          <timept time="0s" value="0s" interp="smooth2"/>
                          <timept time="2s" value="3s" interp="smooth2"/>
                        </timeMap>
                      </asset-clip>
                      <title ref="r5" lane="2" offset="86496410/24000s" name="Names" duration="1s"><text>by</text></title>
                      <marker start="86501415/24000s" duration="1001/24000s" value="slam" completed="0"/>
                    </asset-clip>
                    <gap name="Gap" offset="86516430/24000s" start="3600s" duration="18018/24000s"/>
                    <transition name="Cross Dissolve" offset="86530000/24000s" duration="2002/24000s"/>
                    <clip name="heavy_rain-03" offset="86534448/24000s" start="5005/24000s" duration="24024/24000s">
                      <video ref="r3" offset="12012/24000s" duration="60060/24000s"/>
                      <spine lane="-1" offset="5005/24000s">
                        <gap duration="1/2s"/>
                        <asset-clip ref="r4" name="voice" duration="1/2s" audioRole="dialogue.dialogue-1">
                          <adjust-volume amount="-3.5dB"/>
                        </asset-clip>
                      </spine>
                      <marker start="7007/24000s" duration="10010/24000s" value="storm"/>
                    </clip>
                    <asset-clip ref="r4" name="steps" duration="1s"/>
                  </spine>
                </sequence>
              </project>
            </event>
          </library>
        </fcpxml>
        """;
}
