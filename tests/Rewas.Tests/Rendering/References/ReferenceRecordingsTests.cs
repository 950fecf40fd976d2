using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Rendering.References;
using Rewas.Sound.Placement;
using Rewas.V1;

namespace Rewas.Tests.Rendering.References;

public sealed class ReferenceRecordingsTests : IDisposable
{
    /// <summary>Steps of a 24-bit sample below full scale.</summary>
    const float Steps = 1 << 23;

    readonly TemporaryFolder folder = new();

    public static TheoryData<string, byte[], string> Hostile() => new()
    {
        { "zero.wav", [], "is empty" },
        { "text.wav", "hello"u8.ToArray(), "no recording that can be read" },
        { "list.wav", "#EXTM3U\n/etc/passwd\n"u8.ToArray(), "is a playlist, no recording" },
        { "list.mp3", "ffconcat version 1.0\nfile /etc/passwd\n"u8.ToArray(), "is a playlist, no recording" },
        { "nan.wav", Wav24.OfFloats(16_000, [0, float.NaN, 0]), "every sample must be a finite number" },
        { "loud.wav", Wav24.OfFloats(16_000, [0, 1e30f, 0]), "a sample must be at most 100" },
        { "many.wav", Wav24.File(1, 192_000, 64, 16, new byte[12_800], 12_800), "at most 8 channels are accepted, but it has 64" },
        { "fast.wav", Wav24.File(1, 384_000, 1, 16, new byte[12_800], 12_800), "the sample rate must be from 8000 to 192000" },
        { "short.wav", Wav24.File(1, 16_000, 1, 16, new byte[320], 32_000), "truncated: the header promises 16000 samples" },
        { "long.wav", Wav24.File(1, 16_000, 1, 16, new byte[320], 1_152_000_000), "at most 600 s of sound are accepted" },
        { "none.wav", Wav24.File(1, 16_000, 1, 16, [], 0), "no samples" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_is_no_recording_is_refused_in_one_line_that_names_it(string name, byte[] content, string message)
    {
        await File.WriteAllBytesAsync(folder.File(name), content, TestContext.Current.CancellationToken);
        foreach (var recording in (ReferenceSound[])[
            new() { Name = name, Path = folder.File(name) }, new() { Name = name, Content = ByteString.CopyFrom(content) }])
        {
            var fault = await Assert.ThrowsAsync<InputFault>(() => OpenAsync(recording));
            Assert.StartsWith("reference: ", fault.Message, StringComparison.Ordinal);
            Assert.Contains(name, fault.Message, StringComparison.Ordinal);
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', fault.Message);
        }
    }

    [Fact]
    public async Task A_link_out_of_its_folder_is_refused_and_one_inside_is_read()
    {
        Directory.CreateDirectory(folder.File("own"));
        await File.WriteAllBytesAsync(folder.File("other.wav"), Good, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.File("own/take.wav"), Good, TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(folder.File("own/out.wav"), "../other.wav");
        File.CreateSymbolicLink(folder.File("own/in.wav"), "take.wav");
        File.CreateSymbolicLink(folder.File("own/dead.wav"), "nothing.wav");
        Assert.Contains("is a link that leads out of its folder", await FaultAsync("own/out.wav"), StringComparison.Ordinal);
        Assert.Contains("which does not exist", await FaultAsync("own/dead.wav"), StringComparison.Ordinal);
        Assert.Contains("is a directory, not a file", await FaultAsync("own"), StringComparison.Ordinal);
        using var opened = await OpenAsync(new() { Name = "in.wav", Path = folder.File("own/in.wav") });
        Assert.Single(opened.All);
    }

    [Fact]
    public async Task A_host_says_what_callers_may_name()
    {
        foreach (var recording in (ReferenceSound[])[
            new() { Path = "a.wav" }, new() { UploadId = "x" }, new() { LibrarySha256 = new('0', 64) }])
        {
            var fault = await Assert.ThrowsAsync<InputFault>(() => OpenAsync([recording], new(), new()));
            Assert.Contains("cannot be given here", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_recordings_together_have_a_limit()
    {
        ReferenceSound[] takes =
            [.. Enumerable.Range(0, 3).Select(_ => new ReferenceSound { Name = "a", Content = ByteString.CopyFrom(Good) })];
        var fault = await Assert.ThrowsAsync<InputFault>(
            () => OpenAsync(takes, ReferenceFiles.OfUser, new() { MaxTotal = TimeSpan.FromSeconds(2.5) }));
        Assert.Equal("reference: all recordings together must last at most 2.5 s, but last 3 s", fault.Message);
    }

    [Fact]
    public async Task Recordings_whose_headers_do_not_say_how_long_they_are_count_with_what_is_decoded()
    {
        // To a pipe, ffmpeg cannot go back and write the length into the header.
        var take = Flac(seconds: 2);
        Assert.Equal(0, take[21] & 15 | take[22] | take[23] | take[24] | take[25]);
        ReferenceSound[] takes =
            [.. Enumerable.Range(0, 20).Select(_ => new ReferenceSound { Name = "a", Content = ByteString.CopyFrom(take) })];
        var fault = await Assert.ThrowsAsync<InputFault>(() => OpenAsync(
            takes, ReferenceFiles.OfUser, new() { MaxTotal = TimeSpan.FromSeconds(5) }));
        Assert.Equal("reference: all recordings together must last at most 5 s, but last 6 s", fault.Message);
    }

    [Fact]
    public async Task A_recording_that_is_longer_than_its_header_promises_is_decoded_to_its_end()
    {
        var (take, whole) = (Flac(seconds: 5), Flac(seconds: 5));
        (take[24], take[25]) = (16_000 >> 8, 16_000 & 255);                  // 1 s
        ReferenceSound[] takes =
        [
            new() { Name = "a", Content = ByteString.CopyFrom(Good) }, new() { Name = "b", Content = ByteString.CopyFrom(take) },
            new() { Name = "c", Content = ByteString.CopyFrom(Good) },
        ];
        using var opened = await OpenAsync(takes, ReferenceFiles.OfUser, new());
        Assert.Equal([16_000, 80_000, 16_000], opened.Samples.Select(samples => samples.Length));
        Assert.Equal(["a", "b", "c"], opened.All.Select(recording => recording.Name));
        using var honest = await OpenAsync([new() { Content = ByteString.CopyFrom(whole) }], ReferenceFiles.OfUser, new());
        Assert.Equal(80_000, honest.Samples[0].Length);
    }

    [Fact]
    public async Task Decoded_recordings_have_room_reserved_until_they_are_deleted()
    {
        var (held, most) = (0L, 0L);
        var files = ReferenceFiles.OfUser with
        {
            Room = bytes =>
            {
                most = Math.Max(most, held += bytes);
                return new Room(() => held -= bytes);
            },
        };
        var take = new ReferenceSound { Name = "a", Content = ByteString.CopyFrom(Good) };
        var opened = await OpenAsync([take, take], files, new());
        Assert.Equal(2 * 16_000 * sizeof(float), held);
        Assert.True(most > held, "more is reserved before it is known how long they are");
        opened.Dispose();
        Assert.Equal(0, held);

        // One that cannot be decoded gives its room back.
        var wrong = new ReferenceSound { Name = "nan.wav", Content = ByteString.CopyFrom(Wav24.OfFloats(16_000, [float.NaN])) };
        await Assert.ThrowsAsync<InputFault>(() => OpenAsync([wrong], files, new()));
        Assert.Equal(0, held);
        var full = files with { Room = _ => throw InputFault.Exhausted("bytes", "there is no room") };
        Assert.Equal("bytes: there is no room", (await Assert.ThrowsAsync<InputFault>(() => OpenAsync([take], full, new()))).Message);
    }

    [Fact]
    public async Task Samples_of_24_bits_are_read_as_they_are()
    {
        var samples = Wav24.Noise(1, 2 * 96_000);
        using var opened = await OpenAsync(new() { Name = "a.wav", Content = ByteString.CopyFrom(Wav24.Of(96_000, 2, samples)) });
        Assert.Equal((96_000, 2, 96_000), (opened.SampleRate, opened.Channels, opened.All[0].Samples.Length));
        PlacedPiece[] pieces = [new(0, 100, 90_000, 0, 100, 1, [], 0, 0)];
        float[][] blocks = [new float[90_000], new float[90_000]];
        new PieceRenderer(pieces, opened.Samples, 96_000, 2).Render(0, blocks);
        for (var i = 0; i < 90_000; i++)
            Assert.Equal((samples[200 + 2 * i], samples[201 + 2 * i]), ((int)(blocks[0][i] * Steps), (int)(blocks[1][i] * Steps)));
    }

    public void Dispose() => folder.Dispose();

    static byte[] Good => Wav24.Of(16_000, 1, Wav24.Noise(1, 16_000));

    /// <summary>Noise at 16 kHz, whose header says nothing about its length.</summary>
    static byte[] Flac(int seconds) => ClipFolder.Run(
        "-f", "lavfi", "-i", $"anoisesrc=duration={seconds}:sample_rate=16000:seed=1", "-c:a", "flac", "-f", "flac", "pipe:");

    static Task<ReferenceRecordings> OpenAsync(ReferenceSound recording) => OpenAsync([recording], ReferenceFiles.OfUser, new());

    static Task<ReferenceRecordings> OpenAsync(
        IReadOnlyList<ReferenceSound> recordings, ReferenceFiles files, ReferenceLimits limits) =>
        ReferenceRecordings.OpenAsync(recordings, files, limits, fromLibrary: false, TestContext.Current.CancellationToken);

    sealed class Room(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }

    async Task<string> FaultAsync(string name) =>
        (await Assert.ThrowsAsync<InputFault>(() => OpenAsync(new() { Name = name, Path = folder.File(name) }))).Message;
}
