using System.Xml.Linq;
using Rewas.Rendering.Timelines;

namespace Rewas.Tests.Rendering.Timelines;

public sealed class FcpXmlTests
{
    [Fact]
    public void Times_are_exact_fractions_and_each_clip_names_its_file()
    {
        var xml = XDocument.Parse(FcpXmlWriter.Write(Cuts.Of(Cuts.Television, "01:00:00;00"), clip => "file://" + clip.Media)).Root!;
        Assert.Equal("1001/30000s", xml.Descendants("format").Single().Attribute("frameDuration")!.Value);
        var sequence = xml.Descendants("sequence").Single();
        Assert.Equal(
            ("DF", "8999991/2500s", "1001/100s"),                           // 107892 frames, and the 10.01 s of the stem
            (sequence.Attribute("tcFormat")!.Value, sequence.Attribute("tcStart")!.Value, sequence.Attribute("duration")!.Value));
        var clips = xml.Descendants("asset-clip").ToList();
        Assert.Equal(["1", "1", "-1", "-2", "-2", "-3"], clips.Select(clip => clip.Attribute("lane")!.Value));
        var assets = xml.Descendants("asset").ToDictionary(asset => asset.Attribute("id")!.Value);
        Assert.Equal(3, assets.Count);
        Assert.All(clips, clip => Assert.True(assets.ContainsKey(clip.Attribute("ref")!.Value)));
        Assert.Equal(
            (107_892 + 110) * 1001 / 30_000.0, Seconds(clips[1].Attribute("offset")!.Value), 1e-12);
        Assert.Equal((107_892 + 120) * 1001 / 30_000.0, Seconds(clips[1].Attribute("start")!.Value), 1e-12);
        Assert.Equal("heavy \"rain\", on a roof", clips[0].Element("note")!.Value);
        Assert.Equal("-6.5dB", clips[3].Element("adjust-volume")!.Attribute("amount")!.Value);
        Assert.Equal("1/4s", clips[3].Descendants("fadeOut").Single().Attribute("duration")!.Value);
        Assert.Equal("0", clips[3].Attribute("enabled")!.Value);
        Assert.Contains(xml.Descendants("marker"), marker => marker.Attribute("value")!.Value == "cut");
    }

    static double Seconds(string fraction) => fraction.TrimEnd('s').Split('/') is [var above, var below]
        ? double.Parse(above) / double.Parse(below) : double.Parse(fraction.TrimEnd('s'));
}
