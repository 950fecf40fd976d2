using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Rewas.Rendering;
using Rewas.Rendering.Delivery;
using Rewas.Tests.Rendering.Delivery;
using Rewas.V1;

namespace Rewas.Tests.Rendering;

public sealed class StemFilesTests : IDisposable
{
    const int SampleRate = 48_000, Frames = 40_001;

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_layer_in_stereo_becomes_a_file_for_each_side_and_one_in_mono_a_file()
    {
        var (wide, left, right) = Stem("primary", 2);
        var (narrow, middle, _) = Stem("environment", 1);
        await WriteAsync([wide, narrow], StemForm.Mono);
        Assert.Equal(
            ["out.environment.wav", "out.primary.L.wav", "out.primary.R.wav"],
            Directory.GetFiles(folder.Path, "out.*.wav").Select(Path.GetFileName).Order());
        foreach (var (file, name, samples) in new[]
        {
            ("out.primary.L.wav", "primary L", left), ("out.primary.R.wav", "primary R", right),
            ("out.environment.wav", "environment", middle),
        })
        {
            Assert.Equal([name], Names(file));
            Assert.Contains(",M=mono,", Probe(file).GetProperty("format").GetProperty("tags").GetProperty("coding_history").GetString());
            Assert.Equal(samples, Samples(file));
        }
    }

    [Theory]
    [InlineData(2, 1, "multitrack")]
    [InlineData(2, 2, "multitrack")]
    [InlineData(1, 1, "dual-mono")]
    [InlineData(2, 0, "stereo")]
    [InlineData(1, 0, "mono")]
    public async Task All_layers_become_one_file_with_a_name_for_each_channel(int channels, int behind, string mode)
    {
        var (primary, left, right) = Stem("primary", channels);
        Stem[] stems = behind == 0 ? [primary] : [primary, Stem("environment", behind).Stem];
        await WriteAsync(stems, StemForm.Poly);
        var all = channels + behind;
        Assert.Equal(
            [.. Expected("primary", channels), .. behind > 0 ? Expected("environment", behind) : []], Names("out.stems.wav"));
        var probed = Probe("out.stems.wav");
        Assert.Equal(all, probed.GetProperty("streams")[0].GetProperty("channels").GetInt32());
        Assert.Contains(
            $",M={mode},", probed.GetProperty("format").GetProperty("tags").GetProperty("coding_history").GetString());
        var samples = Samples("out.stems.wav");
        Assert.Equal(all * Frames, samples.Length);
        Assert.Equal(left, samples.Where((_, i) => i % all == 0));
        if (channels == 2)
            Assert.Equal(right, samples.Where((_, i) => i % all == 1));

        static string[] Expected(string track, int count) => count == 1 ? [track] : [$"{track} L", $"{track} R"];
    }

    Task WriteAsync(IReadOnlyList<Stem> stems, StemForm form)
    {
        var order = new SoundOrder
        {
            Options = new() { Prompt = "rain" },
            Delivery = new() { Broadcast = true, SampleFormat = "float32" },
        };
        return StemFiles.WriteAsync(
            stems, new(folder.File("out.wav")) { StemsAs = form }, SampleNotes.Of("rain"), folder.Path,
            (sound, notes, path) => DeliveredSound.WriteAsync(sound, DeliveryFormat.Of(order, path), notes, path),
            TestContext.Current.CancellationToken);
    }

    (Stem Stem, float[] Left, float[] Right) Stem(string name, int channels)
    {
        var samples = Rewas.Tests.Sound.Sounds.Noise(Frames * channels, 0.5, seed: name.Length + channels);
        var path = folder.File($"{name}.f32");
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(samples.AsSpan()).ToArray());
        return (
            new(name, new(path, SampleRate, channels), new('a', 64)), [.. samples.Where((_, i) => i % channels == 0)],
            [.. samples.Where((_, i) => i % channels == 1)]);
    }

    IEnumerable<string> Names(string file)
    {
        var bytes = File.ReadAllBytes(folder.File(file));
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 8192)));
        var start = text.IndexOf("<BWFXML>", StringComparison.Ordinal);
        return XElement.Parse(text[start..(text.IndexOf("</BWFXML>", StringComparison.Ordinal) + "</BWFXML>".Length)])
            .Descendants("NAME").Select(name => name.Value);
    }

    JsonElement Probe(string file) => JsonDocument.Parse(Programs.RunAsync(
        "ffprobe", ["-v", "error", "-of", "json", "-show_format", "-show_streams", folder.File(file)]).Result.Output).RootElement;

    float[] Samples(string file) => MemoryMarshal.Cast<byte, float>(
        ClipFolder.Run("-i", "file:" + folder.File(file), "-f", "f32le", "-c:a", "pcm_f32le", "-")).ToArray();

    public void Dispose() => folder.Dispose();
}
