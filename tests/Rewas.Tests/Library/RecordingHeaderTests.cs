using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Rewas.Clip.Faults;
using Rewas.Library.Limits;
using Rewas.Library.Recordings;

namespace Rewas.Tests.Library;

public class RecordingHeaderTests
{
    /// <summary>The same sound in every format: lengths, rates and tags are as ffmpeg was told.</summary>
    [Theory]
    [InlineData("flac", 44_100, 2)]
    [InlineData("ogg", 44_100, 2)]
    [InlineData("opus", 48_000, 2)]
    [InlineData("mp3", 44_100, 2)]
    [InlineData("m4a", 44_100, 2)]
    [InlineData("aiff", 44_100, 2)]
    [InlineData("wav", 44_100, 2)]
    public async Task Formats_tell_the_same(string ending, int rate, int channels)
    {
        using var made = new MadeRecordings();
        Ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=1.5:r=44100:a=0.3:seed=1", "-ac", "2", "-metadata", "title=Oak gate", "-metadata",
            "comment=by the pond", made[$"x.{ending}"]);
        var report = await made.IndexAsync();
        Assert.Empty(report.Refused);
        var sound = Assert.Single(made.Index.List("", 10));
        Assert.Equal((rate, channels), (sound.SampleRate, sound.Channels));
        Assert.InRange(sound.Seconds, 1.45, 1.6);
        Assert.InRange(sound.Loudness!.Value, -20, -5);
        Assert.Contains("Oak gate", sound.Tags, StringComparison.Ordinal);
        Assert.Contains("gate", Assert.Single(made.Index.Search("gate", 1)).Why.Words);
    }

    [Fact]
    public async Task A_rate_that_is_not_usual_is_read()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("odd.wav", MadeRecordings.Blow(1, 44_099), 44_099);
        Assert.Empty((await made.IndexAsync()).Refused);
        Assert.Equal((44_099, 1.0), (made.Index.List("", 1)[0].SampleRate, Math.Round(made.Index.List("", 1)[0].Seconds, 2)));
    }

    [Fact]
    public async Task More_than_two_channels_are_read()
    {
        using var made = new MadeRecordings();
        var wav = HostileRecordingsTests.Wav(48_000, 6, 24, 6 * 3 * 48_000);
        new Random(1).NextBytes(wav.AsSpan(44));
        File.WriteAllBytes(made["surround.wav"], wav);
        Assert.Empty((await made.IndexAsync()).Refused);
        Assert.Equal((6, 1.0), (made.Index.List("", 1)[0].Channels, made.Index.List("", 1)[0].Seconds));
    }

    /// <summary>Broadcast Wave's description, iXML and INFO, before the samples and after them.</summary>
    [Fact]
    public void Chunks_of_a_wave_file_tell_what_is_heard()
    {
        var wav = HostileRecordingsTests.Wav(48_000, 1, 16, 200);
        byte[] file =
        [
            .. wav[..36], .. Chunk("bext", Encoding.ASCII.GetBytes("Knock on an oak door\0").Concat(new byte[581])),
            .. wav[36..], .. Chunk("LIST",
                [.. "INFO"u8, .. Chunk("ICMT", "dry, close\0"u8.ToArray()), .. Chunk("ISFT", "program\0"u8.ToArray())]),
            .. Chunk("iXML", Encoding.ASCII.GetBytes(
                "<?xml version=\"1.0\"?><BWFXML><USER><FXNAME>Slow knock</FXNAME><SECRET>no</SECRET></USER><NOTE>take 3</NOTE></BWFXML>")),
        ];
        var tags = WavTags.Read(new MemoryStream(file));
        Assert.True(tags.IsPlain);
        Assert.Equal(["Knock on an oak door", "dry, close", "Slow knock", "take 3"], tags.Texts);
    }

    [Fact]
    public void An_external_entity_in_a_chunk_is_not_fetched()
    {
        var xml = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><BWFXML><NOTE>&e;</NOTE></BWFXML>"u8.ToArray();
        byte[] file = [.. HostileRecordingsTests.Wav(48_000, 1, 16, 200), .. Chunk("iXML", xml)];
        Assert.Empty(WavTags.Read(new MemoryStream(file)).Texts);
    }

    /// <summary>Whatever stands in a file, its header is read or refused, and soon.</summary>
    [Fact]
    public async Task Damaged_headers_are_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        byte[] wav =
        [
            .. HostileRecordingsTests.Wav(48_000, 1, 16, 2000), .. Chunk("LIST", [.. "INFO"u8, .. Chunk("ICMT", "dry\0"u8.ToArray())]),
            .. Chunk("iXML", "<BWFXML><NOTE>x</NOTE></BWFXML>"u8.ToArray()), .. Chunk("bext", new byte[602]),
        ];
        var files = new List<byte[]> { wav };
        foreach (var ending in (string[])["flac", "ogg", "opus"])
        {
            Ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=0.1:r=48000", "-metadata", "title=x", folder.File($"x.{ending}"));
            files.Add(File.ReadAllBytes(folder.File($"x.{ending}")));
        }
        for (var round = 0; round < 4000; round++)
        {
            var damaged = files[round % files.Count].ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                damaged[random.Next(Math.Min(damaged.Length, 400))] =
                    (byte)(random.Next(3) switch { 0 => 255, 1 => 0, _ => random.Next(256) });
            damaged = damaged[..(random.Next(4) == 0 ? random.Next(1, damaged.Length) : damaged.Length)];
            try
            {
                // Not a path: what only ffprobe could read is refused by it.
                Read(damaged);
            }
            catch (Exception refused) when (refused is InputFault)
            {
            }
        }
        await Task.CompletedTask;

        static void Read(byte[] file)
        {
            var stream = new MemoryStream(file);
            if (file.AsSpan().StartsWith("RIFF"u8))
                _ = WavTags.Read(stream).Texts;
            else if (file.AsSpan().StartsWith("fLaC"u8))
                FlacHeader.Read(stream, "recording");
            else
                OggHeader.Read(stream);
        }
    }

    [Fact]
    public async Task Only_what_the_limits_allow_is_measured()
    {
        using var made = new MadeRecordings(limits: new LibraryLimits { MaxDuration = TimeSpan.FromSeconds(1) });
        await made.AddAsync("short.wav", MadeRecordings.Blow(1, 16_000));
        Ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=1.5:r=44100", made["long.flac"]);
        Assert.Equal("at most 1 s of sound are accepted, but it lasts 1.5 s", Assert.Single((await made.IndexAsync()).Refused).Reason);
        Assert.Equal(["short.wav"], made.Names);
    }

    static byte[] Chunk(string name, IEnumerable<byte> content)
    {
        byte[] bytes = [.. content];
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, bytes.Length);
        return [.. Encoding.ASCII.GetBytes(name), .. size, .. bytes, .. new byte[bytes.Length & 1]];
    }

    internal static void Ffmpeg(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg",
            ["-hide_banner", "-loglevel", "error", "-nostdin", "-y", .. arguments])
        { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
    }
}
