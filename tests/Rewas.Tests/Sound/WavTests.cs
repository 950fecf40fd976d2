using System.Buffers.Binary;
using System.Text;
using Rewas.Clip.Faults;
using Rewas.Sound;
using Rewas.Sound.Wav;

namespace Rewas.Tests.Sound;

public class WavTests
{
    static readonly WavLimits Limits = new();

    [Theory]
    [InlineData(WavEncoding.Float32, 0)]
    [InlineData(WavEncoding.Pcm16, 0.5 / 32_768)]
    [InlineData(WavEncoding.Pcm24, 0.5 / 8_388_608)]
    [InlineData(WavEncoding.Pcm32, 1e-9)]
    public async Task What_is_written_is_read_back(WavEncoding encoding, double tolerance)
    {
        var wave = Sounds.Sine(440, 16_000, 10_001);
        var file = new MemoryStream();
        await using (var writer = await WavWriter.CreateAsync(file, 16_000, encoding))
        {
            await writer.WriteAsync(wave.AsMemory(0, 5_000));
            await writer.WriteAsync(wave.AsMemory(5_000));
        }
        file.Position = 0;
        var read = await WavFile.ReadAsync(file, Limits, "wav");
        Assert.Equal(16_000, read.SampleRate);
        Assert.Equal(10_001, read.Samples.Length);
        for (var i = 0; i < wave.Length; i++)
            Assert.Equal(wave[i], read.Samples[i], tolerance);
    }

    [Fact]
    public async Task The_header_is_the_same_whether_the_length_is_known_or_patched()
    {
        var (known, patched) = (new MemoryStream(), new MemoryStream());
        await using (var writer = await WavWriter.CreateAsync(known, 16_000, WavEncoding.Float32, samples: 3))
            await writer.WriteAsync(new float[] { 1, 2, 3 });
        await using (var writer = await WavWriter.CreateAsync(patched, 16_000, WavEncoding.Float32))
            await writer.WriteAsync(new float[] { 1, 2, 3 });
        Assert.Equal(58 + 12, known.Length);
        Assert.Equal(known.ToArray(), patched.ToArray());
        Assert.Equal(known.Length - 8, BinaryPrimitives.ReadUInt32LittleEndian(known.ToArray().AsSpan(4)));
    }

    [Fact]
    public async Task Sound_louder_than_full_scale_is_clipped_in_16_bits()
    {
        var file = new MemoryStream();
        await using (var writer = await WavWriter.CreateAsync(file, 8_000, WavEncoding.Pcm16))
            await writer.WriteAsync(new[] { 2f, -2f });
        file.Position = 0;
        var read = await WavFile.ReadAsync(file, Limits, "wav");
        Assert.Equal([32_767 / 32_768f, -1f], read.Samples);
    }

    [Theory]
    [InlineData(WavEncoding.Pcm24, 1)]
    [InlineData(WavEncoding.Pcm16, 2)]
    public async Task Chunks_and_samples_end_at_even_offsets(WavEncoding encoding, int channels)
    {
        var file = new MemoryStream();
        var form = new WavForm(48_000, encoding) { Channels = channels, Chunks = [new("note", new byte[] { 1, 2, 3 })] };
        await using (var writer = await WavWriter.CreateAsync(file, form, frames: 3))
            await writer.WriteAsync(Enumerable.Repeat(0.25f, 3 * channels).ToArray());
        Assert.Equal(0, file.Length % 2);
        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadUInt32LittleEndian(file.ToArray().AsSpan(4)));
        file.Position = 0;
        var read = await WavFile.ReadAsync(file, Limits, "wav");
        Assert.Equal([0.25f, 0.25f, 0.25f], read.Samples);
    }

    [Fact]
    public void A_file_beyond_4_GiB_is_RF64_with_its_sizes_in_ds64()
    {
        var form = new WavForm(48_000, WavEncoding.Float32) { Channels = 2 };
        const long Frames = 700_000_000;
        var head = WavHead.Of(form, Frames).AsSpan();
        Assert.True(head.StartsWith("RF64"u8));
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(head[4..]));
        Assert.True(head[12..].StartsWith("ds64"u8));
        Assert.Equal(head.Length - 8 + Frames * 8, BinaryPrimitives.ReadInt64LittleEndian(head[20..]));
        Assert.Equal((Frames * 8, Frames), (
            BinaryPrimitives.ReadInt64LittleEndian(head[28..]), BinaryPrimitives.ReadInt64LittleEndian(head[36..])));
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(head[^4..]));
        Assert.True(WavHead.Of(form, 536_870_000).AsSpan().StartsWith("RIFF"u8));
    }

    [Theory]
    [InlineData(1, 8, new byte[] { 192 }, 0.5)]
    [InlineData(1, 16, new byte[] { 0, 0xC0 }, -0.5)]
    [InlineData(1, 24, new byte[] { 0, 0, 0xC0 }, -0.5)]
    [InlineData(1, 24, new byte[] { 0, 0, 0x40 }, 0.5)]
    [InlineData(1, 32, new byte[] { 0, 0, 0, 0x40 }, 0.5)]
    [InlineData(3, 32, new byte[] { 0, 0, 0, 0x3F }, 0.5)]
    [InlineData(3, 64, new byte[] { 0, 0, 0, 0, 0, 0, 0xE0, 0xBF }, -0.5)]
    public async Task Every_encoding_is_read(int tag, int bits, byte[] sample, double expected)
    {
        foreach (var extensible in new[] { false, true })
        {
            var read = await Read(Wav(Format(tag, 1, 16_000, bits, extensible), sample));
            Assert.Equal([(float)expected], read.Samples);
        }
    }

    [Fact]
    public async Task Floats_below_400_dB_are_silence()
    {
        float[] traces = [1e-40f, -1e-40f, 9e-21f, -9e-21f, 1e-19f, -1e-19f], expected = [0, 0, 0, 0, 1e-19f, -1e-19f];
        var single = Wav(Format(3, 1, 16_000, 32), [.. traces.SelectMany(sample => BitConverter.GetBytes(sample))]);
        Assert.Equal(expected, (await Read(single)).Samples);
        var both = Wav(Format(3, 1, 16_000, 64), [.. traces.SelectMany(sample => BitConverter.GetBytes((double)sample))]);
        Assert.Equal(expected, (await Read(both)).Samples);

        var reader = await WavReader.OpenAsync(new MemoryStream(single), Limits, "wav");
        var frames = new float[traces.Length];
        Assert.Equal(frames.Length, await reader.ReadFramesAsync(frames));
        Assert.Equal(expected, frames);
    }

    [Fact]
    public async Task Channels_are_averaged()
    {
        var read = await Read(Wav(Format(1, 2, 44_100, 16), [0, 0x40, 0, 0x20, 0, 0xC0, 0, 0x40]));
        Assert.Equal([0.375f, 0f], read.Samples);
        Assert.Equal(44_100, read.SampleRate);
    }

    [Fact]
    public async Task Other_chunks_are_skipped_and_an_open_length_reaches_to_the_end()
    {
        byte[] odd = [.. "LIST"u8, 3, 0, 0, 0, 9, 9, 9, 0];
        byte[] file =
        [
            .. "RIFF"u8,
            255,
            255,
            255,
            255,
            .. "WAVE"u8,
            .. odd,
            .. Format(1, 1, 16_000, 16),
            .. "data"u8,
            255,
            255,
            255,
            255,
            0,
            0x40,
            0,
            0xC0,
            7,
        ];
        Assert.Equal(new[] { 0.5f, -0.5f }, (await Read(file)).Samples);
    }

    [Fact]
    public async Task A_long_file_with_64_bit_sizes_is_read()
    {
        byte[] ds64 = [.. "ds64"u8, 28, 0, 0, 0, .. new byte[8], 4, 0, 0, 0, 0, 0, 0, 0, .. new byte[12]];
        byte[] file =
        [
            .. "RF64"u8,
            255,
            255,
            255,
            255,
            .. "WAVE"u8,
            .. ds64,
            .. Format(1, 1, 16_000, 16),
            .. "data"u8,
            255,
            255,
            255,
            255,
            0,
            0x40,
            0,
            0xC0,
            .. "junk"u8,
        ];
        Assert.Equal(new[] { 0.5f, -0.5f }, (await Read(file)).Samples);
    }

    [Fact]
    public async Task Rejects_what_is_not_a_WAV_file()
    {
        await Fails(FaultKind.Invalid, "wav: not a RIFF/WAVE file", []);
        await Fails(FaultKind.Invalid, "wav: not a RIFF/WAVE file", Encoding.ASCII.GetBytes("once upon a midnight dreary"));
        await Fails(FaultKind.Invalid, "wav: truncated: it ends inside its chunks", [.. "RIFF"u8, 4, 0, 0, 0, .. "WAVE"u8]);
        await Fails(FaultKind.Invalid, "wav: the WAV file holds no samples", Wav(Format(1, 1, 16_000, 16), []));
        await Fails(FaultKind.Invalid, "wav: the data chunk comes before the format chunk", Wav([], [0, 0]));
    }

    [Theory]
    [InlineData(1, 0, 16_000, 16, "wav: a WAV file must have at least 1 channel, but it has 0")]
    [InlineData(1, 1, 0, 16, "wav: the sample rate must be from 1000 to 192000 Hz, but is 0")]
    [InlineData(1, 1, -1, 16, "wav: the sample rate must be from 1000 to 192000 Hz, but is 4294967295")]
    [InlineData(
        1,
        1,
        16_000,
        12,
        "wav: only PCM of 8, 16, 24 or 32 bits and floats of 32 or 64 bits are read, but format tag 1 with 12 bits was found")]
    [InlineData(
        85,
        2,
        44_100,
        0,
        "wav: only PCM of 8, 16, 24 or 32 bits and floats of 32 or 64 bits are read, but format tag 85 with 0 bits was found")]
    public Task Rejects_a_format_that_cannot_be_read(int tag, int channels, int rate, int bits, string message) =>
        Fails(FaultKind.Invalid, message, Wav(Format(tag, channels, rate, bits), new byte[64]));

    [Fact]
    public Task Rejects_too_many_channels() =>
        Fails(FaultKind.Exhausted, "wav: at most 32 channels are accepted, but it has 33", Wav(Format(1, 33, 16_000, 16), new byte[66]));

    [Fact]
    public async Task Rejects_a_truncated_file()
    {
        var file = Wav(Format(1, 1, 16_000, 16), new byte[2_000])[..^500];
        await Fails(FaultKind.Invalid, "wav: truncated: the header promises 1000 samples, but there are 750", file);
    }

    [Fact]
    public async Task Rejects_a_sample_that_is_not_finite() =>
        await Fails(
            FaultKind.Invalid,
            "wav: every sample must be a finite number, but one is not",
            Wav(Format(3, 1, 16_000, 32), [0, 0, 0xC0, 0x7F]));

    [Fact]
    public async Task Rejects_a_promise_over_the_limit_before_reading_on()
    {
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. Format(1, 1, 16_000, 16), .. "data"u8, 0, 0, 0, 0x80];
        await Fails(FaultKind.Exhausted, "wav: at most 600 s of sound are accepted, but it lasts 67108.864 s or more", file);
    }

    [Fact]
    public async Task Rejects_an_endless_stream()
    {
        byte[] file =
        [
            .. "RIFF"u8,
            255,
            255,
            255,
            255,
            .. "WAVE"u8,
            .. Format(1, 1, 16_000, 16),
            .. "data"u8,
            255,
            255,
            255,
            255,
            .. new byte[100_000],
        ];
        var fault = await Assert.ThrowsAsync<InputFault>(
            () => WavFile.ReadAsync(new MemoryStream(file), Limits with { MaxDuration = TimeSpan.FromSeconds(1) }, "wav"));
        Assert.Equal(FaultKind.Exhausted, fault.Kind);
        fault =
            await Assert.ThrowsAsync<InputFault>(() => WavFile.ReadAsync(new MemoryStream(file), Limits with { MaxBytes = 50_000 }, "wav"));
        Assert.Equal("wav: at most 50000 bytes are accepted, but there are more", fault.Message);
    }

    [Fact]
    public async Task Rejects_a_huge_chunk_without_allocating_it()
    {
        byte[] file = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. "fmt "u8, 255, 255, 255, 127];
        await Fails(FaultKind.Invalid, "wav: the format chunk must have 16 to 65536 bytes, but has 2147483647", file);
    }

    [Fact]
    public async Task Any_byte_changed_gives_samples_or_a_fault()
    {
        var good = Wav(Format(1, 2, 44_100, 24, extensible: true), new byte[600]);
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++)
        {
            var bad = good.ToArray();
            for (var k = random.Next(1, 4); k > 0; k--)
                bad[random.Next(80)] = (byte)random.Next(256);
            try
            {
                await Read(bad);
            }
            catch (InputFault)
            {
            }
        }
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => WavFile.ReadAsync("/nowhere/a.wav", Limits, "reference"));
        Assert.Equal((FaultKind.NotFound, "reference: file '/nowhere/a.wav' does not exist"), (fault.Kind, fault.Message));
    }

    static Task<Waveform> Read(byte[] file) => WavFile.ReadAsync(new MemoryStream(file), Limits, "wav");

    static async Task Fails(FaultKind kind, string message, byte[] file)
    {
        var fault = await Assert.ThrowsAsync<InputFault>(() => Read(file));
        Assert.Equal((kind, message), (fault.Kind, fault.Message));
    }

    static byte[] Wav(byte[] format, byte[] data) => [
        .. "RIFF"u8,
        .. BitConverter.GetBytes(12 + format.Length + data.Length),
        .. "WAVE"u8,
        .. format,
        .. "data"u8,
        .. BitConverter.GetBytes(data.Length),
        .. data,
    ];

    static byte[] Format(int tag, int channels, int rate, int bits, bool extensible = false)
    {
        var frame = channels * bits / 8;
        byte[] basic =
        [
            .. BitConverter.GetBytes((short)(extensible ? 0xFFFE : tag)),
            .. BitConverter.GetBytes((short)channels),
            .. BitConverter.GetBytes(rate),
            .. BitConverter.GetBytes(rate * frame),
            .. BitConverter.GetBytes((short)frame),
            .. BitConverter.GetBytes((short)bits),
        ];
        if (extensible)
            basic = [.. basic, 22, 0, .. BitConverter.GetBytes((short)bits), 0, 0, 0, 0, (byte)tag, 0, .. new byte[14]];
        return [.. "fmt "u8, .. BitConverter.GetBytes(basic.Length), .. basic];
    }
}
