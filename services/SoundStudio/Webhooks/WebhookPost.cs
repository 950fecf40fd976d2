using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Rewas.Hosting.Outgoing;
using StandardWebhooks;

namespace Rewas.SoundStudio.Webhooks;

/// <summary>What an attempt means for its delivery.</summary>
enum Verdict
{
    Delivered,

    /// <summary>Trying again may help.</summary>
    Again,

    /// <summary>Trying again does not help.</summary>
    Failed,

    /// <summary>The receiver wants no more.</summary>
    Disabled,
}

/// <param name="RetryAfter">What the receiver asked for; null for nothing.</param>
sealed record PostResult(WebhookAttempt Attempt, Verdict Verdict, TimeSpan? RetryAfter = null);

/// <summary>
/// Sends a delivery once, signed as Standard Webhooks says. An attempt is bounded in time, and so is what is read of the answer.
/// </summary>
sealed class WebhookPost(OutgoingConnections connections, IOptions<WebhookOptions> configured, TimeProvider time)
{
    /// <summary>Bytes of an answer that are read and kept.</summary>
    const int MostAnswerBytes = 1024;

    readonly WebhookOptions options = configured.Value;

    /// <param name="secrets">All of them sign.</param>
    /// <exception cref="OperationCanceledException">The process stops.</exception>
    public async Task<PostResult> SendAsync(WebhookDelivery delivery, IReadOnlyList<string> secrets, CancellationToken stop)
    {
        var (now, start) = (time.GetUtcNow(), time.GetTimestamp());
        PostResult Ended(Verdict verdict, long status, string error, string answer = "", TimeSpan? retryAfter = null) => new(
            new(now.ToUnixTimeMilliseconds(), status, error, answer, (long)time.GetElapsedTime(start).TotalMilliseconds),
            verdict,
            retryAfter);

        if (secrets.Count == 0)
            return Ended(Verdict.Again, 0, "there is no secret to sign with; create one");
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            using var request = RequestOf(delivery, secrets, now);
            using var answer = await connections.SendAsync(request, either.Token);
            var text = await BeginningAsync(answer.Content, either.Token);
            var status = (int)answer.StatusCode;
            return VerdictOn(status) switch
            {
                Verdict.Delivered => Ended(Verdict.Delivered, status, "", text),
                var verdict => Ended(verdict, status, ReasonOf(status), text, RetryAfterOf(answer.Headers.RetryAfter, now)),
            };
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Ended(Verdict.Again, 0, $"there was no whole answer within {options.Timeout.TotalSeconds:0} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or System.Net.Sockets.SocketException
            || OutgoingConnections.RefusalOf(failure) is not null)
        {
            return OutgoingConnections.RefusalOf(failure) is { } refusal
                ? Ended(Verdict.Failed, 0, refusal.Message)
                : Ended(Verdict.Again, 0, $"the receiver cannot be reached: {(failure.InnerException ?? failure).Message}");
        }
    }

    static HttpRequestMessage RequestOf(WebhookDelivery delivery, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        var payload = Encoding.UTF8.GetString(delivery.Payload);
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url)
        {
            Content = new ByteArrayContent(delivery.Payload) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.TryAddWithoutValidation("User-Agent", "Rewas-Webhooks");
        request.Headers.TryAddWithoutValidation("webhook-id", delivery.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", $"{now.ToUnixTimeSeconds()}");
        request.Headers.TryAddWithoutValidation(
            "webhook-signature", string.Join(' ', secrets.Select(secret => new StandardWebhook(secret).Sign(delivery.Id, now, payload))));
        return request;
    }

    static Verdict VerdictOn(int status) => status switch
    {
        >= 200 and < 300 => Verdict.Delivered,
        (int)HttpStatusCode.Gone => Verdict.Disabled,
        (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests or >= 500 => Verdict.Again,
        _ => Verdict.Failed,
    };

    static string ReasonOf(int status) => status switch
    {
        >= 300 and < 400 => $"the receiver answered {status}; redirects are not followed",
        (int)HttpStatusCode.Gone => "the receiver answered 410 and wants no more",
        _ => $"the receiver answered {status}",
    };

    static TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header, DateTimeOffset now) => header?.Delta ?? header?.Date - now;

    /// <summary>The first bytes of an answer as one line of printable text. The rest is not read.</summary>
    static async Task<string> BeginningAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var bytes = ArrayPool<byte>.Shared.Rent(MostAnswerBytes);
        try
        {
            var count = await stream.ReadAtLeastAsync(
                bytes.AsMemory(0, MostAnswerBytes), MostAnswerBytes, throwOnEndOfStream: false, cancellation);
            return string.Concat(Encoding.UTF8.GetString(bytes, 0, count).Select(c => char.IsControl(c) ? ' ' : c));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
