using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Rewas.Hosting.Access;

namespace Rewas.Tests.Hosting.Access;

public sealed class GuardedBodyTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_has_ended_when_its_end_has_come_though_nobody_has_read_that_far()
    {
        var pipe = new Pipe();
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Received(pipe.Reader));
        context.Request.Body = pipe.Reader.AsStream();
        using var calls = new OpenCalls(TimeProvider.System, NullLogger<OpenCalls>.Instance);
        using var open = calls.Add(context, Caller.Anybody, "rewas.v1.Vocoder/Describe");
        await using var place = new CallPlace(usage: null, new("", Through: false, new()));
        await using var body = new GuardedBody(context, Caller.Anybody, place, open, isStream: false, Wait.Patience);

        Assert.False(body.HasEnded());
        await pipe.Writer.WriteAsync(new byte[3], Token);
        Assert.False(body.HasEnded());
        await pipe.Writer.CompleteAsync();
        Assert.True(body.HasEnded());

        Assert.Equal(3, await body.ReadAsync(new byte[8], Token));           // nothing was taken
        Assert.Equal(0, await body.ReadAsync(new byte[8], Token));
        Assert.True(body.HasEnded());
    }

    [Fact]
    public async Task A_request_that_has_broken_off_has_not_ended()
    {
        var pipe = new Pipe();
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Received(pipe.Reader));
        using var calls = new OpenCalls(TimeProvider.System, NullLogger<OpenCalls>.Instance);
        using var open = calls.Add(context, Caller.Anybody, "rewas.v1.Vocoder/Describe");
        await using var place = new CallPlace(usage: null, new("", Through: false, new()));
        await using var body = new GuardedBody(context, Caller.Anybody, place, open, isStream: false, Wait.Patience);

        await pipe.Writer.CompleteAsync(new IOException("the connection was reset"));

        Assert.False(body.HasEnded());
    }

    sealed class Received(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
