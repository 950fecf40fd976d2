using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Rewas.Gateway.Web.Problems;

namespace Rewas.Tests.Gateway.Web;

public sealed class ProblemAnswersTests
{
    /// <summary>gRPC tells CANCELLED of a call whose connection was lost. Only a client that has gone has cancelled.</summary>
    [Theory]
    [InlineData(false, 503, "UNAVAILABLE")]
    [InlineData(true, 499, "CANCELLED")]
    public async Task A_call_that_was_broken_off_is_cancelled_only_if_the_client_has_gone(bool hasGone, int status, string code)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestAborted = new(hasGone) };
        context.Response.Body = body;

        await new ProblemAnswers(NullLogger<ProblemAnswers>.Instance).InvokeAsync(
            context, _ => throw new RpcException(new(StatusCode.Cancelled, "", new TaskCanceledException())));

        Assert.Equal(status, context.Response.StatusCode);
        if (!hasGone)
            Assert.Equal(code, JsonDocument.Parse(body.ToArray()).RootElement.GetProperty("code").GetString());
    }
}
