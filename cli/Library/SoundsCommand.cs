using System.CommandLine;

namespace Rewas.Cli.Library;

/// <summary><c>rewas sounds</c>: a library of the user's own recordings.</summary>
static class SoundsCommand
{
    public static Command Create() => new("sounds", """
        Indexes your own recordings in place and finds them by words, by meaning, by sound, and by how they fit a picture.
        Recordings and folders are only read. The index is in ~/.local/share/rewas/library (REWAS_LIBRARY sets another folder).

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
