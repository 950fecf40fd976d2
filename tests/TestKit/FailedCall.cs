using Grpc.Core;

namespace Rewas.TestKit;

public static class FailedCall
{
    /// <summary>Asserts that a call fails with this status, and that its detail contains each of these texts.</summary>
    public static async Task Fails(this Task call, StatusCode status, params string[] said)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.True(failure.StatusCode == status,
            $"{status} is expected, but the call failed with {failure.StatusCode}: {failure.Status.Detail}");
        foreach (var part in said)
            Assert.Contains(part, failure.Status.Detail, StringComparison.Ordinal);
    }
}
