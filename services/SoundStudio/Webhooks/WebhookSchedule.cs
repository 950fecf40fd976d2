namespace Rewas.SoundStudio.Webhooks;

/// <summary>When a delivery that has failed is tried again: the schedule that the Standard Webhooks specification recommends.</summary>
static class WebhookSchedule
{
    /// <summary>Part of a wait that is added by chance, so that deliveries that failed together do not come back together.</summary>
    const double Jitter = 0.2;

    static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    public static int MostTries => Waits.Length + 1;

    /// <summary>The wait after a failed attempt; null if it was the last one.</summary>
    /// <param name="tries">Attempts so far, at least 1.</param>
    /// <param name="asked">What the receiver asked for with Retry-After. It makes a wait longer, up to a day.</param>
    /// <param name="chance">0 to 1.</param>
    public static TimeSpan? WaitAfter(long tries, TimeSpan? asked, double chance)
    {
        if (tries > Waits.Length)
            return null;
        var wait = Waits[tries - 1] * (1 + Jitter * chance);
        return asked is { } least && least > wait ? (least < LongestWait ? least : LongestWait) : wait;
    }
}
