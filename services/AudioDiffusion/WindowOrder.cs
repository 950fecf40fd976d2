using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Which window is sampled next: in order of time, but for bridges, which wait for the window after them: 0, 2, 1, 4, 3, ... So a sound is made from its start on,
/// never more than one window ahead of what can be heard.
/// </summary>
/// <param name="layout">Where windows lie.</param>
/// <param name="controls">What has come for them.</param>
public sealed class WindowOrder(WindowLayout layout, ControlTimeline controls)
{
    int next;                                                                // the earliest window that is not sampled
    int? ahead;                                                              // a window after it that is

    /// <summary>The next window, if all that it needs has come.</summary>
    public bool TryNext(out int window)
    {
        // A bridge waits for the window that it leads to, unless it is known that there is none.
        var waits = layout.LeadsToNext(next) && ahead is null && (controls.Frames is null || Exists(next + 1));
        window = waits ? next + 1 : next;
        if (!Exists(window) || !controls.Covers(layout.Start(window)))
            return false;
        if (window > next)
        {
            ahead = window;
            return true;
        }
        next = ahead is { } sampled ? sampled + 1 : window + 1;
        ahead = null;
        return true;
    }

    /// <summary>The earliest window that is to come.</summary>
    public int Earliest => next;

    /// <summary>While the sound's length is not known, a window is there if energy has come for all of it.</summary>
    bool Exists(int window) => controls.Frames is { } frames ? window < layout.WindowsFor(frames) : controls.Covers(layout.Start(window));
}
