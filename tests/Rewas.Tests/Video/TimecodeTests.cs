using Rewas.Video;

namespace Rewas.Tests.Video;

public sealed class TimecodeTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static readonly FrameRate Film = new(24_000, 1001), Television = new(30_000, 1001), Double = new(60_000, 1001), Pal = new(25, 1);

    public static TheoryData<string, int, int, long, long> Known() => new()
    {
        // Text, rate, frames since midnight, samples since midnight at 48 kHz.
        { "00:00:00:00", 25, 1, 0, 0 },
        { "01:00:00:00", 25, 1, 90_000, 172_800_000 },
        { "01:00:00:00", 24_000, 1001, 86_400, 172_972_800 },
        { "01:00:00:00", 30_000, 1001, 108_000, 172_972_800 },
        { "01:00:00;00", 30_000, 1001, 107_892, 172_799_827 },               // 172,799,827.2
        { "00:00:59;29", 30_000, 1001, 1799, 2_881_278 },                    // 2,881,278.4
        { "00:01:00;02", 30_000, 1001, 1800, 2_882_880 },
        { "00:09:59;29", 30_000, 1001, 17_981, 28_798_370 },                 // 28,798,369.6
        { "00:10:00;00", 30_000, 1001, 17_982, 28_799_971 },                 // 28,799,971.2
        { "23:59:59;29", 30_000, 1001, 2_589_407, 4_147_194_251 },           // 4,147,194,251.2
        { "00:01:00;04", 60_000, 1001, 3600, 2_882_880 },
        { "10:00:00:23", 24, 1, 864_023, 1_728_046_000 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Text_frames_and_samples_belong_together(string text, int numerator, int denominator, long frame, long samples)
    {
        var timecode = Timecode.Parse(text, new(numerator, denominator));
        Assert.Equal((frame, samples), (timecode!.Value.Frame, timecode.Value.SampleAt(48_000)));
        Assert.Equal(text, timecode.Value.ToString());
    }

    [Fact]
    public void Every_frame_of_a_day_has_one_number()
    {
        foreach (var (rate, drop) in new[] { (Television, true), (Double, true), (Film, false), (Pal, false) })
        {
            var midnight = new Timecode(0, rate, drop);
            var seen = new HashSet<string>();
            for (var frame = 0L; frame < 17_982 * 2 * (rate.Nominal / 30 + 1); frame += frame % 1790 < 30 ? 1 : 13)
            {
                var text = midnight.Plus(frame).ToString();
                Assert.True(seen.Add(text), text);
                Assert.Equal(frame, Timecode.Parse(text, rate)!.Value.Frame);
            }
        }
    }

    [Theory]
    [InlineData("24:00:00:00")]
    [InlineData("00:60:00:00")]
    [InlineData("00:00:00:30")]
    [InlineData("00:01:00;01")]                                              // a number that is left out
    [InlineData("01:00:00")]
    [InlineData("-1:00:00:00")]
    [InlineData("١:00:00:00")]
    [InlineData("")]
    [InlineData(null)]
    public void What_names_no_frame_is_none(string? text) => Assert.Null(Timecode.Parse(text, Television));

    [Fact]
    public void It_begins_again_at_midnight()
    {
        Assert.Equal("00:00:00;00", new Timecode(2_589_408 - 1, Television, IsDropFrame: true).Plus(1).ToString());
        Assert.Equal("23:59:59:24", new Timecode(0, Pal).Plus(-1).ToString());
    }

    [Theory]
    [InlineData("film.mov", "24000/1001", "01:00:00:00", "24000/1001", "01:00:00:00")]
    [InlineData("drop.mov", "30000/1001", "01:00:00;00", "30000/1001", "01:00:00;00")]
    [InlineData("drop.mp4", "30000/1001", "00:59:58;10", "30000/1001", "00:59:58;10")]
    [InlineData("pal.mov", "25", "10:00:00:05", "25/1", "10:00:00:05")]
    [InlineData("pal.mkv", "25", "10:00:00:05", "25/1", "10:00:00:05")]
    public async Task A_video_tells_its_rate_and_its_timecode(string name, string rate, string written, string expected, string timecode)
    {
        var video = clips.Make(name, $"testsrc2=size=64x64:rate={rate}:duration=2", "-c:v", "libx264", "-timecode", written);
        var facts = await VideoProbe.ReadAsync(video, new(), TestContext.Current.CancellationToken);
        Assert.Equal((expected, timecode), (facts.Rate.ToString(), facts.Timecode?.ToString()));
    }

    [Fact]
    public async Task A_written_video_keeps_the_timecode()
    {
        var video = clips.Make(
            "kept.mov", "testsrc2=size=64x64:rate=30000/1001:duration=1", "-c:v", "libx264", "-timecode", "01:00:00;00");
        var facts = await VideoProbe.ReadAsync(video, new(), TestContext.Current.CancellationToken);
        foreach (var name in new[] { "again.mov", "again.mp4", "again.mkv" })
        {
            await Muxer.MuxAsync(video, facts, Silence(), 16_000, clips.Path(name), TestContext.Current.CancellationToken);
            var written = await VideoProbe.ReadAsync(clips.Path(name), new(), TestContext.Current.CancellationToken);
            Assert.Equal(facts.Timecode, written.Timecode);
        }

        static async IAsyncEnumerable<ReadOnlyMemory<float>> Silence()
        {
            yield return new float[16_016];
            await Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData(23.976, "24000/1001")]
    [InlineData(29.97, "30000/1001")]
    [InlineData(59.94, "60000/1001")]
    [InlineData(25, "25/1")]
    [InlineData(24, "24/1")]
    [InlineData(12.5, "25/2")]
    [InlineData(0.0001, "1/1000")]
    public void A_decimal_rate_is_a_fraction(double decimals, string fraction) =>
        Assert.Equal(fraction, FrameRate.OfDecimal(decimals).ToString());
}
