using System.Diagnostics;
using System.Globalization;

namespace Rewas.Gateway;

/// <summary>
/// The deadline of a forwarded call: the caller's, limited to <see cref="GatewayOptions.MaxCallTime"/>, which also applies without a
/// deadline. The stage gets a slightly earlier deadline, so that its own answer arrives in time. The gateway ends the call at its deadline,
/// whatever the stage does.
/// </summary>
sealed class CallDeadline
{
    public const string Header = "grpc-timeout";

    const double LargestMargin = 0.1;                                        // share of the remaining time
    const int MostDigits = 8;

    readonly long start = Stopwatch.GetTimestamp();                          // the machine's date may be set meanwhile
    TimeSpan left;

    /// <summary>Whether the call's deadline has passed.</summary>
    public static bool HasPassed(HttpContext context) =>
        context.Features.Get<CallDeadline>() is { } deadline && Stopwatch.GetElapsedTime(deadline.start) >= deadline.left;

    public static async Task ForwardAsync(HttpContext context, RequestDelegate next)
    {
        var options = context.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<GatewayOptions>>().Value;
        var left = Parse(context.Request.Headers[Header].ToString()) is { } given && given < options.MaxCallTime
            ? given
            : options.MaxCallTime;
        var margin = left * LargestMargin < options.DeadlineMargin ? left * LargestMargin : options.DeadlineMargin;
        context.Request.Headers[Header] = Format(left - margin);
        context.Features.Set(new CallDeadline { left = left });

        var caller = context.RequestAborted;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(caller);
        stop.CancelAfter(left);
        context.RequestAborted = stop.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = caller;
        }
    }

    /// <summary>Parses gRPC's format: up to 8 digits and a unit. Null for anything else.</summary>
    internal static TimeSpan? Parse(string text)
    {
        if (text.Length < 2 || text.Length > MostDigits + 1
            || !long.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        return text[^1] switch
        {
            'H' => TimeSpan.FromHours(Math.Min(count, 1_000_000)),
            'M' => TimeSpan.FromMinutes(count),
            'S' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMilliseconds(count),
            'u' => TimeSpan.FromMicroseconds(count),
            'n' => TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
    }

    internal static string Format(TimeSpan time)
    {
        var milliseconds = Math.Max(1, (long)time.TotalMilliseconds);
        return milliseconds < 100_000_000
            ? FormattableString.Invariant($"{milliseconds}m")
            : FormattableString.Invariant($"{milliseconds / 1000}S");
    }
}
