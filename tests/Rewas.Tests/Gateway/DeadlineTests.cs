using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Gateway;
using Rewas.Tests.Client;

namespace Rewas.Tests.Gateway;

public sealed class DeadlineTests
{
    [Theory]
    [InlineData("1H", 3_600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3_000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    [InlineData("99999999H", 3_600_000_000_000)]
    public void Every_unit_of_a_timeout_is_read(string text, double milliseconds) =>
        Assert.Equal(milliseconds, CallDeadline.Parse(text)!.Value.TotalMilliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("1x")]
    public void What_is_no_timeout_counts_as_none(string text) => Assert.Null(CallDeadline.Parse(text));

    [Fact]
    public async Task A_stage_is_told_a_deadline_a_little_before_its_callers_and_the_longest_where_there_is_none()
    {
        var doubles = new StageDoubles();
        await using var stages = await StageHost.StartAsync(doubles);
        await using var gateway = await GatewayHost.StartAsync(
            _ => [stages.Address], ("Gateway:MaxCallTime", "01:00:00"), ("Gateway:DeadlineMargin", "00:01:00"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        var client = new V1.Vocoder.VocoderClient(channel);

        foreach (var seconds in new double?[] { null, 7200, 2000, 120 })
            await client.DescribeAsync(new(), deadline: seconds is { } given ? DateTime.UtcNow.AddSeconds(given) : null);

        var told = doubles.TimesSeen.Select(time => time.TotalSeconds).ToList();
        Assert.All(told[..2], longest => Assert.InRange(longest, 3400, 3540.001));
        Assert.InRange(told[2], 1800, 1940.001);
        Assert.InRange(told[3], 60.001, 108.001);                            // the margin is at most a tenth
    }

    [Fact]
    public async Task A_call_ends_at_its_deadline_although_the_stage_does_not_heed_it()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var stages = await StageHost.StartAsync(doubles);
        await using var gateway = await GatewayHost.StartAsync(_ => [stages.Address], ("Gateway:MaxCallTime", "00:00:01"));
        using var channel = GrpcChannel.ForAddress(gateway.Address);

        var failure = await Assert.ThrowsAsync<RpcException>(
            () => new V1.Vocoder.VocoderClient(channel).DescribeAsync(new()).ResponseAsync.WaitAsync(Wait.Patience));

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        held.SetResult();                                                    // the stage has held the call all the time
    }
}
