using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Clip.Output;

namespace Rewas.Tests.Files;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("rain.mp4", "rain.mp4")]
    [InlineData("h\u00e4mmer \ud83d\udd28", "h\u00e4mmer \ud83d\udd28")]
    [InlineData("a\u001b[31mb", "a?[31mb")]
    [InlineData("one\r\ntwo", "one??two")]
    [InlineData("\u009b2J", "?2J")]
    [InlineData("\u007f", "?")]
    [InlineData("gpj\u202efdp.exe", "gpj?fdp.exe")]
    [InlineData("a\u2028b", "a?b")]
    [InlineData("\u2066x\u2069", "?x?")]
    public void What_steers_a_terminal_becomes_a_question_mark(string text, string plain) => Assert.Equal(plain, PlainText.Of(text));

    [Fact]
    public void A_fault_is_one_plain_line() =>
        Assert.Equal("video: 'a?[2J?b' is missing", InputFault.NotFound("video", "'a\u001b[2J\nb' is missing").Message);

    [Fact]
    public void A_full_disk_is_no_defect_of_the_machine()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        var failure = Assert.ThrowsAny<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write(new byte[1]);
        });
        Assert.Equal(FaultKind.Full, FileFault.Of(failure).Kind);
        Assert.Equal(FaultKind.Full, FileFault.Writing("output", "x.mp4", failure).Kind);
    }
}
