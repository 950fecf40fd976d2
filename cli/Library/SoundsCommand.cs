using System.CommandLine;

namespace Rewas.Cli.Library;

/// <summary><c>rewas sounds</c>: a library of the user's own recordings.</summary>
static class SoundsCommand
{
    public static Command Create() => new("sounds", """
        Your own recordings, indexed where they lie: found by words, by meaning, by what is heard, and by how they fit a picture.
        Recordings and folders are only read. The index lies in ~/.local/share/rewas/library (REWAS_LIBRARY: another folder).

        Examples:
          rewas sounds index ~/Sounds
          rewas sounds search "wooden door knock"
          rewas sounds search footsteps --video clip.mp4
        """)
    {
        IndexCommand.Create(),
        SearchCommand.Create(),
        ListCommand.Create(),
        ForgetCommand.Create(),
    };
}
