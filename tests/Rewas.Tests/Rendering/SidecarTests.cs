using Rewas.Clip.Faults;
using Rewas.Rendering;
using Rewas.V1;

namespace Rewas.Tests.Rendering;

/// <summary>A sidecar of an earlier release asks for the same as it did then.</summary>
public sealed class SidecarTests
{
    /// <summary>As release 0.1 wrote it; stages and versions are shortened.</summary>
    const string Earlier = """
        {
          "formatVersion": 1, "output": "out.flac",
          "video": { "file": "hammer.mp4", "sha256": "00", "durationSeconds": 6, "frameRate": 25,
              "width": 320, "height": 240, "codec": "h264" },
          "bundle": "rewas-mini", "bundleSha256": "11", "weightsLicence": "CC-BY-4.0", "prompt": "a hammer", "seed": 7,
          "sampler": {
            "name": "unipc", "steps": 4, "spacing": "karras", "guidanceScale": 2.5, "energyGuidanceScale": 1.5, "guidanceRescale": 0.7,
            "guidanceFrom": 0.9, "guidanceTo": 0.1,
            "negativePrompt": "music", "eta": 0, "control": "texture", "precision": "f32",
            "join": "crossfade", "ignoreCuts": true, "memory": "on", "startLevel": 0.8
          },
          "sound": { "sampleRate": 16000, "samples": 96000, "sha256": "22" },
          "energy": { "unit": "mean natural-log mel magnitude", "valuesPerSecond": 100, "values": [-3, -4] },
          "energySource": "video", "energyEdits": [],
          "finish": {
            "options": { "loudnessTarget": -20, "truePeakCeiling": -2, "codecHeadroomDecibels": 0, "fadeSeconds": 0.5,
              "sampleRate": 44100, "channels": 2, "original": "duck" },
            "levels": { "mixLoudness": -30, "gainDecibels": 10, "loudness": -20, "truePeak": -2.5, "limited": false }, "samples": 288000
          },
          "candidates": [
            { "candidate": 1, "scores": { "energyError": 1, "clipping": 0, "hum": 0, "total": 0 }, "sha256": "22", "file": null },
            { "candidate": 0, "scores": { "energyError": 2, "clipping": 0, "hum": 0, "total": -1 },
              "sha256": "33", "file": "out.candidate-2.wav" }
          ],
          "environment": { "prompt": "rain", "seed": 8, "decibels": -9, "sha256": "44" },
          "stages": {}, "elapsedSeconds": 1, "firstSoundSeconds": 1, "versions": {}
        }
        """;

    [Theory]
    [InlineData("\"prompt\": \"a hammer\"")]
    [InlineData("\"control\": \"texture\"")]
    public void A_text_that_is_no_Unicode_is_told_by_its_place(string member)
    {
        var half = Earlier.Replace(member, member[..^1] + "\\ud800\"", StringComparison.Ordinal);
        var fault = Assert.Throws<InputFault>(() => Parse(half));
        Assert.Contains(
            "is not one that `rewas generate` wrote: a name or text that ends at byte ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_options_of_an_earlier_sidecar_are_read()
    {
        var order = Parse(Earlier).ToOrder();
        Assert.Equal(
            new GenerateOptions
            {
                Prompt = "a hammer",
                Seed = 7,
                Steps = 4,
                GuidanceScale = 2.5,
                Eta = 0,
                Sampler = "unipc",
                Spacing = "karras",
                NegativePrompt = "music",
                EnergyGuidanceScale = 1.5,
                GuidanceRescale = 0.7,
                GuidanceFrom = 0.9,
                GuidanceTo = 0.1,
                Candidates = 2,
                Control = "texture",
                Join = "crossfade",
                IgnoreCuts = true,
                Memory = "on",
                StartLevel = 0.8,
                Words = "literal",
            },
            order.Options);
        Assert.Equal(
            new StudioFinish
            {
                Loudness = -20,
                TruePeak = -2,
                FadeSeconds = 0.5,
                SampleRate = 44_100,
                Channels = 2,
                Original = OriginalSoundChoice.Duck,
            },
            order.Finish);
        Assert.Equal(new StudioEnvironment { Prompt = "rain", Seed = 8, Decibels = -9 }, order.Environment);
        Assert.Equal("f32", Parse(Earlier).Precision);
        Assert.Equal(1, Parse(Earlier).Candidates![0].Candidate);
    }

    [Fact]
    public void One_from_before_joins_memory_and_finish_asks_for_what_was_done_then()
    {
        var order = Parse("""
            {
              "formatVersion": 1, "output": "out.mp4",
              "video": { "file": "hammer.mp4", "sha256": "00", "durationSeconds": 6, "frameRate": 25,
              "width": 320, "height": 240, "codec": "h264" },
              "bundle": "rewas-mini", "bundleSha256": "11", "weightsLicence": "CC-BY-4.0", "prompt": "a hammer", "seed": 0,
              "sampler": {
                "name": "ddim", "steps": 4, "spacing": "uniform", "guidanceScale": 3, "energyGuidanceScale": 3, "guidanceRescale": 0,
            "guidanceFrom": 1, "guidanceTo": 0,
                "negativePrompt": "", "eta": 1
              },
              "sound": { "sampleRate": 16000, "samples": 96000, "sha256": "22" },
              "energy": { "unit": "mean natural-log mel magnitude", "valuesPerSecond": 100, "values": [-3, -4] },
              "stages": {}, "elapsedSeconds": 1, "firstSoundSeconds": 1, "versions": {}
            }
            """).ToOrder();
        Assert.Equal(("concatenate", "off", false), (order.Options.Join, order.Options.Memory, order.Options.HasStartLevel));
        Assert.Equal(
            (true, 1.0, true, 0.0), (order.Options.HasEta, order.Options.Eta, order.Options.HasGuidanceTo, order.Options.GuidanceTo));
        Assert.Null(order.Finish);
        Assert.Null(order.Environment);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("")]
    public void What_is_no_sidecar_is_refused(string json) => Assert.Equal("sidecar", Assert.Throws<InputFault>(() => Parse(json)).Field);

    [Fact]
    public void A_value_of_another_kind_is_no_fault_of_the_program()
    {
        var hostile = Parse(
            Earlier.Replace("\"precision\": \"f32\"", "\"precision\": 7", StringComparison.Ordinal)
                .Replace("\"steps\": 4", "\"steps\": [4]", StringComparison.Ordinal));
        Assert.Null(hostile.Precision);
        Assert.Equal("sidecar: sampler.steps", Assert.Throws<InputFault>(hostile.ToOrder).Field);
    }

    static Sidecar Parse(string json) => Sidecar.Parse(System.Text.Encoding.UTF8.GetBytes(json), "out.json");
}
