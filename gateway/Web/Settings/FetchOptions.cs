namespace Rewas.Gateway.Web.Settings;

/// <summary>Files that the server fetches from a URL. Configuration section "Web:Fetch".</summary>
public sealed record FetchOptions
{
    /// <summary>Whether callers may give a URL in place of a file. Default false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Largest file, bytes. Default 1 GiB, 1 KiB to 1 TiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;

    /// <summary>Longest time for a file, redirects included. Default 5 minutes, 1 s to 1 h.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);
}
