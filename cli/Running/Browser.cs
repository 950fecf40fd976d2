using System.ComponentModel;
using System.Diagnostics;

namespace Rewas.Cli.Running;

/// <summary>The user's browser.</summary>
static class Browser
{
    /// <summary>Variables of an environment that has a screen, or names a browser.</summary>
    static readonly string[] Screens = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER"];

    /// <summary>Opens a page.</summary>
    /// <returns>False if this machine has no browser, or no screen to show it on.</returns>
    public static bool Open(Uri page) =>
        OperatingSystem.IsWindows() ? Starts("cmd", ["/c", "start", "", page.AbsoluteUri])
        : OperatingSystem.IsMacOS() ? Starts("open", [page.AbsoluteUri])
        : HasScreen && (Starts("xdg-open", [page.AbsoluteUri]) || Starts("wslview", [page.AbsoluteUri]));

    static bool HasScreen => Array.Exists(Screens, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    static bool Starts(string program, string[] arguments)
    {
        try
        {
            // What the browser says is not the command's output.
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            return process is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
