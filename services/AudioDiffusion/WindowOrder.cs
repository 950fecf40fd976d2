using Rewas.Clip;

namespace Rewas.AudioDiffusion;

/// <summary>
/// The order in which windows are sampled: in time order, except that a bridge waits for the window after it: 0, 2, 1, 4, 3, ... A sound is
/// thus made from its start, at most one window ahead of what is audible. Each scene has its own layout, and its first window depends on no
/// earlier one.
/// </summary>
/// <param name="layout">Layout of a scene's windows.</param>
/// <param name="controls">The control received so far.</param>
public sealed class WindowOrder(WindowLayout layout, ControlTimeline controls)
{
    WindowPlace? next = new WindowPlace(0, 0, 0);                            // earliest window not sampled; null if unknown or none
    WindowPlace? ahead;                                                      // the window after it, if already sampled
    WindowPlace latest;                                                      // the last sampled window

    /// <summary>The next window, if everything that it needs has come.</summary>
    public bool TryNext(out WindowPlace window)
    {
        window = default;
        next ??= After(latest);
        if (next is not { } earliest)
            return false;
        window = earliest;
        if (layout.LeadsToNext(earliest.InScene) && ahead is null)
        {
            if (controls.GoesOnAfter(earliest.Start) is not { } goesOn)
                return false;
            if (goesOn)
                window = InScene(earliest);
        }
        if (!controls.Covers(window.Start))
            return false;
        if (window != earliest)
        {
            ahead = window;
            return true;
        }
        latest = ahead ?? window;
        (next, ahead) = (null, null);
        return true;
    }

    /// <summary>No earlier frame is needed again.</summary>
    public long Needed => (next ?? latest).Start;

    WindowPlace? After(WindowPlace window) => controls.GoesOnAfter(window.Start) switch
    {
        true => InScene(window),
        false => controls.CutAfter(window.Start) is { } cut ? new WindowPlace(window.Number + 1, cut, 0) : null,
        null => null,
    };

    WindowPlace InScene(WindowPlace before) => new(before.Number + 1, before.Start + layout.Stride, before.InScene + 1);
}
