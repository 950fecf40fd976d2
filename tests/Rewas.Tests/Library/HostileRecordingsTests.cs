using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Rewas.Tests.Library;

/// <summary>A folder as users have them, with files that lie: each that is no recording is one line, and what is one is indexed.</summary>
public class HostileRecordingsTests
{
    [Fact]
    public async Task An_empty_file_is_one_line() => await RefusedAsync("empty.wav", Write([]), "is empty");

    [Fact]
    public async Task Ten_hours_are_too_long_and_are_not_read() => await RefusedAsync(
        "ten hours.wav",
        path =>
        {
            Write(Wav(16_000, 1, 16, dataBytes: 1_152_000_000))(path);
            using var file = File.OpenWrite(path);
            file.SetLength(1_152_000_044);                                   // a hole: it takes no room
        },
        "at most 7200 s of sound are accepted, but it lasts 36000 s");

    [Fact]
    public async Task Sixty_four_channels_are_too_many() =>
        await RefusedAsync("studio.wav", Write(Wav(192_000, 64, 24, 64 * 3 * 100)), "at most 8 channels are accepted, but it has 64");

    [Fact]
    public async Task A_rate_beyond_the_range_is_told() =>
        await RefusedAsync("bats.wav", Write(Wav(384_000, 1, 16, 2000)), "the sample rate must be from 8000 to 192000 Hz, but is 384000");

    [Fact]
    public async Task A_header_that_promises_more_than_there_is() =>
        await RefusedAsync("cut.wav", Write([.. Wav(16_000, 1, 16, 32_000).Take(10_000)]),
            "truncated: the header promises 16000 samples, but there are");

    [Fact]
    public async Task Samples_that_are_no_numbers() =>
        await RefusedAsync("nan.wav", Write(Floats(float.NaN)), "every sample must be a finite number");

    [Fact]
    public async Task A_sample_far_beyond_full_scale() =>
        await RefusedAsync("loud.wav", Write(Floats(1e30f)), "a sample is 1e+30, but at most 100 is accepted");

    /// <summary>The number that is none lies after what is measured.</summary>
    [Fact]
    public async Task All_of_a_file_of_floats_is_looked_at()
    {
        using var made = new MadeRecordings(limits: new() { Measured = TimeSpan.FromSeconds(0.1) });
        File.WriteAllBytes(made["late.wav"], Floats(float.NaN, at: 15_000));
        Assert.Contains("finite", Assert.Single((await made.IndexAsync()).Refused).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_no_recording() =>
        await RefusedAsync("notes.mp3", Write("These are only words, again and again. "u8.ToArray()), "no recording that can be read");

    [Fact]
    public async Task A_playlist_is_no_recording_whatever_its_name_is() =>
        await RefusedAsync("list.mp3", Write("#EXTM3U\n/etc/passwd\n"u8.ToArray()), "is a playlist, no recording");

    [Fact]
    public async Task A_list_of_files_for_ffmpeg_is_not_followed() =>
        await RefusedAsync("list.wav", Write("ffconcat version 1.0\nfile /etc/passwd\n"u8.ToArray()), "is a playlist, no recording");

    [Fact]
    public async Task Playlists_and_videos_are_told_by_their_names()
    {
        using var made = new MadeRecordings();
        File.WriteAllText(made["all.m3u8"], "a.wav");
        File.Copy(Path.Combine(Repository.Root, "samples", "hammer.mp4"), made["hammer.mp4"]);
        var report = await made.IndexAsync();
        Assert.Equal(["is a playlist, no recording: it names other files", "is a video, no recording"],
            report.Refused.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => file.Reason));
    }

    [Fact]
    public async Task A_video_is_no_recording_whatever_its_name_is() =>
        await RefusedAsync("hammer.wav", path =>
            File.Copy(Path.Combine(Repository.Root, "samples", "hammer.mp4"), path), "is a video, no recording");

    [Fact]
    public async Task A_flac_header_that_promises_hours_in_a_few_bytes() =>
        await RefusedAsync("liar.flac", Write(Flac(samples: 44_100L * 3600)), "its header promises 3600 s of sound, but");

    [Fact]
    public async Task A_flac_header_without_sound() =>
        await RefusedAsync("hollow.flac", Write([.. Flac(samples: 44_100), .. new byte[5000]]), "");

    [Fact]
    public async Task A_pipe_is_not_waited_for() =>
        await RefusedAsync("pipe.wav", path => Process.Start("mkfifo", [path]).WaitForExit(), "is a pipe, not a file");

    [Fact]
    public async Task A_link_out_of_the_folder_is_not_followed()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("slam.wav", 1);
        Directory.CreateDirectory(made.Outside("private"));
        File.Copy(made["slam.wav"], made.Outside("private/secret.wav"));
        File.CreateSymbolicLink(made["secret.wav"], made.Outside("private/secret.wav"));
        Directory.CreateSymbolicLink(made["folder"], made.Outside("private"));
        File.CreateSymbolicLink(made["nothing.wav"], made.Outside("nowhere.wav"));
        File.CreateSymbolicLink(made["again.wav"], made["slam.wav"]);
        Directory.CreateSymbolicLink(made["circle"], made.Sounds);
        var report = await made.IndexAsync();
        Assert.Equal(["slam.wav"], made.Names);
        Assert.Equal(3, report.Refused.Count);
        Assert.Equal(2, report.Refused.Count(file =>
            file.Reason.StartsWith("is a link that leads out of the folder", StringComparison.Ordinal)));
        Assert.Contains(report.Refused, file => file.Reason == "is a link that leads to nothing");
    }

    [Fact]
    public async Task A_name_with_a_line_end_forges_no_line()
    {
        using var made = new MadeRecordings();
        File.WriteAllBytes(made["a\nb.wav"], []);
        Assert.Equal("is empty", Assert.Single((await made.IndexAsync()).Refused).Reason);
        await made.AddAsync("door\nslam.wav", 1);
        await made.IndexAsync();
        Assert.DoesNotContain("\n", Assert.Single(made.Index.Search("door", 1)).Sound.Words, StringComparison.Ordinal);
    }

    /// <summary>Refused once, it is not opened again until it changes.</summary>
    [Fact]
    public async Task What_was_refused_is_not_read_again_until_it_changes()
    {
        using var made = new MadeRecordings();
        File.WriteAllBytes(made["slam.wav"], []);
        Assert.Single((await made.IndexAsync()).Refused);
        var second = await made.IndexAsync();
        Assert.Empty(second.Refused);
        Assert.Equal(1, second.RefusedBefore);
        Assert.Equal("is empty", Assert.Single(made.Index.Refused()).Reason);
        await made.AddAsync("slam.wav", 1);
        Assert.Equal(1, (await made.IndexAsync()).Indexed);
        Assert.Empty(made.Index.Refused());
    }

    /// <summary>Of the same kind: a recording that was whole and is damaged now leaves the library.</summary>
    [Fact]
    public async Task A_recording_that_was_damaged_since_is_taken_out()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("slam.wav", 1);
        await made.IndexAsync();
        File.WriteAllBytes(made["slam.wav"], []);
        Assert.Single((await made.IndexAsync()).Refused);
        Assert.Empty(made.Names);
        Assert.Empty(made.Index.Search("slam", 1));
    }

    static async Task RefusedAsync(string name, Action<string> make, string reason)
    {
        using var made = new MadeRecordings();
        await made.AddAsync("good.wav", 1);
        make(made[name]);
        var report = await made.IndexAsync();
        var refused = Assert.Single(report.Refused);
        Assert.Equal(made[name], refused.Path);
        Assert.Contains(reason, refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Reason);
        Assert.Equal(["good.wav"], made.Names);
        Assert.Equal(1, IndexTests.Count(made.Index.Path, "SELECT COUNT(*) FROM sounds"));
    }

    static Action<string> Write(byte[] bytes) => path => File.WriteAllBytes(path, bytes);

    internal static byte[] Wav(int rate, int channels, int bits, int dataBytes, int tag = 1)
    {
        var wav = new byte[44 + Math.Min(dataBytes, 1 << 20)];
        Encoding.ASCII.GetBytes("RIFF").CopyTo(wav, 0);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), 36 + dataBytes);
        Encoding.ASCII.GetBytes("WAVEfmt ").CopyTo(wav, 8);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), (short)tag);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), rate * channels * bits / 8);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), (short)(channels * bits / 8));
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), (short)bits);
        Encoding.ASCII.GetBytes("data").CopyTo(wav, 36);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), dataBytes);
        return wav;
    }

    static byte[] Floats(float odd, int at = 10)
    {
        var wav = Wav(16_000, 1, 32, 4 * 16_000, tag: 3);
        BinaryPrimitives.WriteSingleLittleEndian(wav.AsSpan(44 + 4 * at), odd);
        return wav;
    }

    /// <summary>Stream info alone: 44.1 kHz, mono, 16 bits.</summary>
    static byte[] Flac(long samples)
    {
        var flac = new byte[42];
        Encoding.ASCII.GetBytes("fLaC").CopyTo(flac, 0);
        flac[4] = 0x80;
        flac[7] = 34;
        BinaryPrimitives.WriteUInt16BigEndian(flac.AsSpan(8), 4096);
        BinaryPrimitives.WriteUInt16BigEndian(flac.AsSpan(10), 4096);
        BinaryPrimitives.WriteUInt64BigEndian(flac.AsSpan(18), (44_100UL << 44) | (15UL << 36) | (ulong)samples);
        return flac;
    }
}
