namespace Rewas.Video;

/// <summary>
/// The strongest sandbox that this machine allows. With bubblewrap, a program sees the system's programs, the files that its arguments
/// name, and nothing else: no other file, process or network. Without it, the network and new privileges are taken away as far as possible.
/// Each part is tried once.
/// </summary>
static class Sandbox
{
    /// <summary>Root may read and write files of other users. It keeps that right alone.</summary>
    const string KeptRight = "dac_override";

    static readonly string[] SystemFolders = ["/usr", "/lib", "/lib64", "/bin"];

    /// <summary>Where the system looks for libraries.</summary>
    static readonly string[] SystemFiles = ["/etc/ld.so.cache", "/etc/alternatives"];

    // PublicationOnly keeps no failure: a program that cannot be started now, for want of memory, can perhaps be started at the next call.
    static readonly Lazy<string[]> Bubblewrap = new(FindBubblewrap, LazyThreadSafetyMode.PublicationOnly);
    static readonly Lazy<string[]> Weaker = new(() => [.. NoNetwork(), .. NoPrivileges()], LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Whether a program sees only the files that its arguments name.</summary>
    public static bool HidesFiles => Bubblewrap.Value.Length > 0;

    /// <summary>The command in front of a program and its arguments.</summary>
    public static IEnumerable<string> Around(string program, IReadOnlyList<string> arguments) =>
        HidesFiles ? [.. Bubblewrap.Value, .. Visible(program, arguments), "--"] : Weaker.Value;

    /// <summary>Shows the program's own folder and the files that its arguments name. Inputs cannot be written.</summary>
    static IEnumerable<string> Visible(string program, IReadOnlyList<string> arguments)
    {
        if (Path.GetDirectoryName(program) is { } own
            && !SystemFolders.Any(system => own == system || own.StartsWith(system + '/', StringComparison.Ordinal)))
            foreach (var option in Bind("--ro-bind", own))
                yield return option;
        var named = arguments.Select((argument, i) =>
            (Path: Ffmpeg.PathOf(argument), IsInput: i > 0 && arguments[i - 1] is "-i" or "-attach")).Where(file => file.Path is not null);
        // Inputs come last: one may lie in a folder that is written to.
        foreach (var (path, isInput) in named.OrderBy(file => file.IsInput))
            foreach (var option in isInput ? Bind("--ro-bind-try", path!)
                : Bind("--bind-try", File.Exists(path) ? path : Path.GetDirectoryName(path)!))
                yield return option;
    }

    static string[] Bind(string option, string path) => [option, path, path];

    static string[] FindBubblewrap()
    {
        if (!OperatingSystem.IsLinux() || SystemProgram.Find("bwrap") is not { } bubblewrap
            || SystemProgram.Find("true") is not { } nothing)
            return [];
        string[] command =
        [
            bubblewrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
            .. Environment.IsPrivilegedProcess ? (string[])["--cap-add", $"cap_{KeptRight}"] : [],
            .. SystemFolders.Concat(SystemFiles).SelectMany(path => Bind("--ro-bind-try", path)), "--dev", "/dev", "--tmpfs", "/tmp",
        ];
        return SystemProgram.Succeeds([.. command, "--", nothing]) ? command : [];
    }

    /// <summary>A network namespace without interfaces: as root, or as a user who becomes root in a user namespace.</summary>
    static string[] NoNetwork() => First(
        "unshare", ["--net"], ["--user", "--net", "--map-current-user"]);

    /// <summary>Programs with the set-user-ID bit give no rights, and root loses most of its own.</summary>
    static string[] NoPrivileges() => First(
        "setpriv", ["--no-new-privs", $"--bounding-set=-all,+{KeptRight}", "--inh-caps=-all"], ["--no-new-privs"]);

    /// <summary>The first choice of options with which a program of the system works; nothing if none does.</summary>
    static string[] First(string program, params string[][] choices)
    {
        if (!OperatingSystem.IsLinux() || SystemProgram.Find(program) is not { } found || SystemProgram.Find("true") is not { } nothing)
            return [];
        return choices.Select(options => (string[])[found, .. options, "--"])
            .FirstOrDefault(command => SystemProgram.Succeeds([.. command, nothing]), []);
    }
}
