using System.IO.Pipelines;
using Rewas.Hosting;

namespace Rewas.Tests.Hosting;

public sealed class LateEndTests
{
    [Fact]
    public async Task The_end_is_told_after_the_last_bytes()
    {
        var reader = await InputAsync(10);
        var first = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((10, false), (first.Buffer.Length, first.IsCompleted));
        reader.AdvanceTo(first.Buffer.GetPosition(4));
        Assert.True(reader.TryRead(out var second));
        Assert.Equal((6, false), (second.Buffer.Length, second.IsCompleted));
        reader.AdvanceTo(second.Buffer.End);
        var last = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, true), (last.Buffer.Length, last.IsCompleted));
    }

    [Fact]
    public async Task Who_waits_for_more_bytes_learns_that_none_will_come()
    {
        var reader = await InputAsync(10);
        var first = await reader.ReadAsync(TestContext.Current.CancellationToken);
        reader.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        var again = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((10, true), (again.Buffer.Length, again.IsCompleted));
    }

    static async Task<LateEndReader> InputAsync(int bytes)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[bytes], TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        return new(pipe.Reader);
    }
}
