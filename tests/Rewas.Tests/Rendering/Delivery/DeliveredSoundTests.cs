using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Rendering.Delivery;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Tests.Rendering.Delivery;

/// <summary>Written files, read by ffmpeg, and by sox and mediainfo where they are installed.</summary>
public sealed class DeliveredSoundTests : IDisposable
{
    const int Frames = 4801;

    readonly TemporaryFolder folder = new();

    public static TheoryData<string, string, string, int> Forms() => new()
    {
        { "wav", SampleFormatNames.Pcm16, "pcm_s16le", 16 },
        { "wav", SampleFormatNames.Pcm24, "pcm_s24le", 24 },
        { "wav", SampleFormatNames.Pcm32, "pcm_s32le", 32 },
        { "wav", SampleFormatNames.Float32, "pcm_f32le", 32 },
        { "wav", "", "pcm_f32le", 32 },
        { "flac", SampleFormatNames.Pcm16, "flac", 16 },
        { "flac", SampleFormatNames.Pcm24, "flac", 24 },
        { "flac", "", "flac", 24 },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Each_sample_format_is_written_and_read_back(string ending, string sampleFormat, string codec, int bits)
    {
        foreach (var (rate, channels) in new[] { (44_100, 1), (192_000, 2) })
        {
            var (sound, samples) = Sound(rate, channels);
            var path = folder.File($"{rate}.{ending}");
            await DeliveredSound.WriteAsync(
                sound, Format(path, sampleFormat), SampleNotes.Of("rain"), path, TestContext.Current.CancellationToken);
            var stream = Probe(path).GetProperty("streams")[0];
            Assert.Equal(
                (codec, $"{rate}", channels),
                (stream.GetProperty("codec_name").GetString(), stream.GetProperty("sample_rate").GetString(),
                    stream.GetProperty("channels").GetInt32()));
            Assert.Equal(bits, codec == "flac"
                ? int.Parse(stream.GetProperty("bits_per_raw_sample").GetString()!, CultureInfo.InvariantCulture)
                : stream.GetProperty("bits_per_sample").GetInt32());
            var read = Read(path);
            Assert.Equal(samples.Length, read.Length);
            // Rounding with noise of two steps moves a sample by less than two steps. Whole floats are equal.
            var most = bits switch { 16 => 1.5 / 32_768, 24 => 1.5 / 8_388_608, _ => 1e-9 };
            Assert.All(samples.Zip(read), pair => Assert.Equal(pair.First, pair.Second, most));
        }
    }

    [Fact]
    public async Task Dither_keeps_a_tone_that_rounding_loses()
    {
        // A tone of a quarter of a step of 16 bits.
        var (sound, _) = Sound(48_000, 1, amplitude: 0.25f / 32_768);
        var (dithered, rounded) = (folder.File("dithered.wav"), folder.File("rounded.wav"));
        await DeliveredSound.WriteAsync(sound, Format(dithered, "pcm16"), SampleNotes.Of("rain"), dithered);
        await DeliveredSound.WriteAsync(sound, Format(rounded, "pcm16", DitherNames.None), SampleNotes.Of("rain"), rounded);
        Assert.All(Read(rounded), sample => Assert.Equal(0, sample));
        var heard = Read(dithered);
        var (sine, cosine) = (0.0, 0.0);
        for (var i = 0; i < heard.Length; i++)
            (sine, cosine) = (sine + heard[i] * Math.Sin(Phase(i, 48_000)), cosine + heard[i] * Math.Cos(Phase(i, 48_000)));
        var amplitude = 2 * Math.Sqrt(sine * sine + cosine * cosine) / heard.Length;
        Assert.Equal(0.25, amplitude * 32_768, 0.06);
    }

    [Fact]
    public async Task Sound_of_24_bits_keeps_its_samples_in_24_bits()
    {
        var (sound, samples) = Sound(48_000, 2);
        var whole = samples.Select(sample => MathF.Round(sample * 8_388_608) / 8_388_608).ToArray();
        await File.WriteAllBytesAsync(
            sound.Path, MemoryMarshal.AsBytes(whole.AsSpan()).ToArray(), TestContext.Current.CancellationToken);
        foreach (var name in new[] { "same.wav", "same.flac" })
        {
            await DeliveredSound.WriteAsync(
                sound with { Is24Bit = true }, Format(folder.File(name), ""), SampleNotes.Of("rain"), folder.File(name));
            Assert.Equal(whole, Read(folder.File(name)));
        }
    }

    [Fact]
    public async Task A_broadcast_file_says_what_it_holds()
    {
        var (sound, _) = Sound(48_000, 2);
        var path = folder.File("broadcast.wav");
        var notes = SampleNotes.Of("Regen auf dem Dach, Café \u0001") with
        {
            Levels = new(null, 0, -23.04, -1.5, false) { LoudnessRange = 6.78, MostMomentary = -18.5, MostShortTerm = -20.25 },
        };
        await DeliveredSound.WriteAsync(sound, Format(path, "pcm24", broadcast: true), notes, path);

        var tags = Probe(path).GetProperty("format").GetProperty("tags");
        Assert.Equal("Regen auf dem Dach, Caf?", tags.GetProperty("comment").GetString()!.Trim());
        Assert.Equal(
            ("Rewas.Platform", new string('a', 32), "2026-03-04", "05:06:07", "172799827"),
            (Tag("encoded_by"), Tag("originator_reference"), Tag("date"), Tag("creation_time"), Tag("time_reference")));
        Assert.StartsWith("A=PCM,F=48000,W=24,M=stereo,T=Rewas.Platform rewas-mini", Tag("coding_history"), StringComparison.Ordinal);

        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var bext = Chunk(bytes, "bext");
        Assert.Equal(2, BitConverter.ToInt16(bext, 346));
        Assert.Equal(
            [-2304, 678, -150, -1850, -2025],
            Enumerable.Range(0, 5).Select(i => (int)BitConverter.ToInt16(bext, 412 + 2 * i)));
        var xml = XDocument.Parse(Encoding.UTF8.GetString(Chunk(bytes, "iXML")).TrimEnd('\0')).Root!;
        Assert.Equal(("Regen auf dem Dach, Café ", "reel 1 & 2.mov"), (xml.Element("NOTE")!.Value, xml.Element("PROJECT")!.Value));
        var speed = xml.Element("SPEED")!;
        Assert.Equal(
            ("30000/1001", "DF", "172799827", "0"),
            (speed.Element("TIMECODE_RATE")!.Value, speed.Element("TIMECODE_FLAG")!.Value,
                speed.Element("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO")!.Value, speed.Element("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI")!.Value));
        Assert.Equal(["mix L", "mix R"], xml.Descendants("NAME").Select(name => name.Value));

        if (Say("mediainfo", "--Output=JSON", path) is { } described)
        {
            var general = JsonDocument.Parse(described).RootElement.GetProperty("media").GetProperty("track")[0];
            Assert.Contains("bext", described, StringComparison.OrdinalIgnoreCase);
            Assert.Equal("Rewas.Platform", general.GetProperty("Producer").GetString());
        }
        if (Say("soxi", "-s", path) is { } counted)
            Assert.Equal(Frames, int.Parse(counted, CultureInfo.InvariantCulture));

        string Tag(string name) => tags.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task A_broadcast_FLAC_says_the_same_in_tags()
    {
        var (sound, _) = Sound(48_000, 1);
        var path = folder.File("tagged.flac");
        await DeliveredSound.WriteAsync(sound, Format(path, "", broadcast: true), SampleNotes.Of("rain; on=a roof"), path);
        var head = Encoding.UTF8.GetString((await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))[..2000]);
        foreach (var tag in new[] { "DESCRIPTION=rain; on=a roof", "TIME_REFERENCE=172799827", "TIMECODE=01:00:00;00" })
            Assert.Contains(tag, head, StringComparison.Ordinal);
    }

    [Fact]
    public void FLAC_holds_no_floats()
    {
        foreach (var wrong in new[] { "float32", "pcm32" })
        {
            var fault = Assert.Throws<InputFault>(() => Format("x.flac", wrong));
            Assert.Equal($"sample-format: must be pcm16 or pcm24 in a .flac, but is {wrong}", fault.Message);
            var order = new SoundOrder { Options = new() { Prompt = "rain" }, Format = "flac", Delivery = new() { SampleFormat = wrong } };
            Assert.Equal(fault.Message, Assert.Single(OrderCheck.Faults(order)).Message);
        }
    }

    [Fact, Trait("Category", "FullSize")]
    public async Task Five_GiB_are_written_and_read_back()
    {
        // 16 channels of samples would be faster, but the platform has two: 12.4 hours at 48 kHz in 32 bits.
        const long Bytes = 5L << 30;
        Assert.SkipWhen(new DriveInfo(folder.Path).AvailableFreeSpace < Bytes + (1 << 30), "needs 6 GiB of disk");
        var sound = new RawSound(folder.File("long.f32"), 48_000, 2);
        await using (var raw = File.Create(sound.Path))
        {
            raw.SetLength(Bytes - 8);                                        // silence that takes no room on the disk
            raw.Position = raw.Length;
            await raw.WriteAsync(MemoryMarshal.AsBytes<float>([0.5f, -0.25f]).ToArray(), TestContext.Current.CancellationToken);
        }
        var path = folder.File("long.wav");
        await DeliveredSound.WriteAsync(sound, Format(path, "float32", broadcast: true), SampleNotes.Of("rain"), path);
        var head = new byte[12];
        await using (var file = File.OpenRead(path))
            await file.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        Assert.Equal("RF64", Encoding.ASCII.GetString(head, 0, 4));
        var stream = Probe(path).GetProperty("streams")[0];
        Assert.Equal(Bytes / 8, stream.GetProperty("duration_ts").GetInt64());
        var last = ClipFolder.Run("-ss", FormattableString.Invariant($"{(Bytes / 8 - 1) / 48_000.0:F9}"), "-i", path, "-f", "f32le", "-");
        Assert.Equal([0.5f, -0.25f], MemoryMarshal.Cast<byte, float>(last).ToArray()[^2..]);
        if (Say("soxi", "-s", path) is { } counted)
            Assert.Equal(Bytes / 8, long.Parse(counted, CultureInfo.InvariantCulture));
    }

    public void Dispose() => folder.Dispose();

    (RawSound Sound, float[] Samples) Sound(int rate, int channels, float amplitude = 0.5f)
    {
        var samples = new float[Frames * channels];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = amplitude * (float)Math.Sin(Phase(i / channels, rate)) * (i % channels == 0 ? 1 : -0.5f);
        var sound = new RawSound(folder.File($"{Guid.NewGuid():N}.f32"), rate, channels);
        File.WriteAllBytes(sound.Path, MemoryMarshal.AsBytes(samples.AsSpan()).ToArray());
        return (sound, samples);
    }

    static double Phase(int i, int rate) => 2 * Math.PI * 1000 * i / rate;

    static DeliveryFormat Format(string path, string sampleFormat, string dither = "", bool broadcast = false) => DeliveryFormat.Of(
        new()
        {
            Options = new() { Seed = 3 },
            Delivery = new() { SampleFormat = sampleFormat, Dither = dither, Broadcast = broadcast },
        },
        path);

    static float[] Read(string path) =>
        MemoryMarshal.Cast<byte, float>(ClipFolder.Run("-i", "file:" + path, "-f", "f32le", "-")).ToArray();

    static JsonElement Probe(string path) => JsonDocument.Parse(
        Say("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", path)!).RootElement;

    /// <summary>The answer of a program; null if it is not installed.</summary>
    static string? Say(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return said;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    static byte[] Chunk(byte[] file, string id)
    {
        for (var at = 12; at + 8 <= file.Length; at += 8 + (int)(BitConverter.ToUInt32(file, at + 4) + 1 & ~1u))
            if (Encoding.ASCII.GetString(file, at, 4) == id)
                return file[(at + 8)..(at + 8 + (int)BitConverter.ToUInt32(file, at + 4))];
        throw new InvalidDataException($"there is no {id} chunk");
    }
}
