using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;

namespace Rewas.Tests.Protocol;

public class PieceIdTests
{
    [Theory]
    [InlineData("9f2ab310:44100+22050@1.24")]
    [InlineData("00000000:0+1@0")]
    [InlineData("9f2ab310:44100+22050@600.0001*98")]
    public void An_id_is_read_as_it_is_written(string text) => Assert.Equal(text, PieceId.Parse(text, "ban").ToString());

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("9F2AB310:44100+22050@1.24")]
    [InlineData("9f2ab310:-1+22050@1.24")]
    [InlineData("9f2ab310:44100+22050@1.24*20")]
    [InlineData("9f2ab310:44100+22050@1e9")]
    [InlineData("9f2ab310:44100+22050@1.24\n")]
    [InlineData("9f2ab310:44100+99999999999999999999@1.24")]
    public void Any_other_text_is_refused_in_one_line(string text)
    {
        var fault = Assert.Throws<InputFault>(() => PieceId.Parse(text, "ban"));
        Assert.StartsWith("ban: must be the id of a piece in a sidecar", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
