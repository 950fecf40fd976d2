using System.IO.Compression;
using Grpc.Core;
using Rewas.Protocol;
using Rewas.Tests.Client;
using Rewas.Tests.Services;

namespace Rewas.Tests.Hosting.Access;

/// <summary>Counts what the process allocates, so nothing may run beside it.</summary>
[Collection(nameof(FlatMemoryTests))]
public sealed class PackedRequestTests
{
    [Fact]
    public async Task A_message_that_unpacks_to_more_than_the_limit_is_refused_and_not_unpacked()
    {
        await using var host = await StageHost.StartAsync(new());
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var i = 0; i < 400; i++)
                gzip.Write(new byte[1 << 20]);
        var frame = SlowAndLargeRequestTests.Frame(packed.ToArray());
        frame[0] = 1;
        Assert.InRange(frame.Length, 1, MessageLimits.MessageBytes);
        var before = GC.GetTotalAllocatedBytes();

        var (status, detail) = await SlowAndLargeRequestTests.CallAsync(
            host.Address,
            "rewas.v1.Vocoder/Describe",
            async (stream, stop) => await stream.WriteAsync(frame, stop),
            ("grpc-encoding", "gzip"));

        Assert.True(status == StatusCode.ResourceExhausted, $"{status}: {detail}");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 300L << 20);   // of 400 MiB unpacked
    }
}
