// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys of every issuer of tokens (RFC 7517). */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, unknown>;
                    };
                };
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/openid-configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a verifier of tokens must know to find the keys (OpenID Connect Discovery, section 3, as far as it applies). */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/access/as-of": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who held access at a moment, how and why. */
        get: {
            parameters: {
                query: {
                    target: string;
                    login?: string;
                    /** @description Now, when left out. RFC 3339 in UTC, or a day. */
                    at?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AsOf"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts under management, newest first. */
        get: {
            parameters: {
                query?: {
                    target?: string;
                    login?: string;
                    /** @description `settled`, `changing` or `unknown`. */
                    state?: string;
                    /** @description Also those that are not managed any more. */
                    all?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_ManagedAccount"];
                    };
                };
            };
        };
        put?: never;
        /** Put accounts under management, all or none. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Imports"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_ManagedAccount"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account under management. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ManagedAccount"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Change how an account is managed; what is not named stays, and `null` takes a schedule or limit away. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ManagedAccount"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** End the management of an account. What was kept of its credentials stays sealed for a time, its history for good. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/dependents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What depends on an account, by host and file. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Dependent"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/dependents/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See what a rotation would change in each dependent, without changing anything. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_DependentRehearsal"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/dependents/find": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look on a host for files that hold the account's password, by the password itself. Nothing is changed there, and what is
         *     found is not touched before somebody keeps it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LookOn"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FoundDependents"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions that an account's credential had, newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_CredentialVersion"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/pair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Let two accounts take turns: one is handed out while the other is changed. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["With"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ManagedAccount"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find out which of the kept credentials logs in; if none does, set a new one through the administrator. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rotation"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Order a new credential. It is set and verified by itself; ask for the rotation to see how it goes. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rotation"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/value": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give the credential that somebody set at the system by hand. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CredentialValue"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ManagedAccount"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in with the kept credential now. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Verified"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Assignments, oldest first. */
        get: {
            parameters: {
                query?: {
                    identity?: string;
                    role?: string;
                    /** @description Leaves out those that ended. */
                    open?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Assignment"];
                    };
                };
            };
        };
        put?: never;
        /** Give somebody a role or an entitlement. Nobody gives it to themselves, and nobody is given two roles that conflict. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewAssignment"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Assignment"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assignments/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back what a person gave. What follows from a condition ends with the condition. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AssignmentEnd"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Assignment"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/breakers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every breaker that holds now, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_BreakerSetting"];
                    };
                };
            };
        };
        /** Add breakers or change them, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Breakers"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_BreakerSetting"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checkouts, newest first: one's own, and everybody's with `checkouts.read`. */
        get: {
            parameters: {
                query?: {
                    target?: string;
                    /** @description Only those that wait or are open. */
                    active?: boolean;
                    /** @description Only my own, also when I may see everybody's. */
                    mine?: boolean;
                    /** @description Only those that I could confirm now, oldest first. */
                    to_confirm?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Checkout"];
                    };
                };
            };
        };
        put?: never;
        /** Take an account's credential in hand, with a grant for its channel `checkout`. It is shown in this answer only. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["New"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CheckedOut"];
                    };
                };
                /** @description waits for a second person */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CheckedOut"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One checkout, for its holder, whoever could confirm it, and readers of all. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Checkout"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkouts/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say yes to somebody else's checkout: with a grant for the same account, or as an operator. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Checkout"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkouts/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keep it longer, within what the account and the grant allow. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["More"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Checkout"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkouts/{id}/force": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take it back from its holder. The credential is changed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Checkout"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkouts/{id}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give it back, or cancel what was not handed out yet. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Checkout"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make true what files say, in one transaction, if nothing was declared since the plan. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConfigurationOrder"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationChanges"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was declared otherwise since files were applied last. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationDrift"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is declared, as files. Applied at once they change nothing. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationExport"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what files would change, and everything that is wrong with them; nothing is changed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConfigurationFiles"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationPlan"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configuration/schemas/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** JSON Schema (2020-12) of the documents of a kind, such as `Role`. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    kind: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, unknown>;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Conversions, newest first. */
        get: {
            parameters: {
                query?: {
                    system?: string;
                    identity?: string;
                    /** @description `removing`, `done`, `restoring`, `undone` or `abandoned`. */
                    state?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Conversion"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One conversion, with its steps and those of its orders. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConversionDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversions/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have it back as it was before, within 30 days. Nobody gives a privilege back to themselves. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConversionUndo"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Conversion"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credential-profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every profile, by service and name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_CredentialProfile"];
                    };
                };
            };
        };
        /** Register or change profiles, all or none. Those not named stay as they are, and so does what was made. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CredentialProfiles"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_CredentialProfile"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dependents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Confirm that the account's rotations are to update a file. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeepDependent"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Dependent"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Have rotations leave a file alone. The file stays as it is. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drifts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Drifts, newest first. */
        get: {
            parameters: {
                query?: {
                    system?: string;
                    identity?: string;
                    /** @description `waiting`, `reverting`, `accepted` or `over`. */
                    state?: string;
                    /** @description Only what is about power, or only what is not. */
                    privileged?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Drift"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drifts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One drift. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Drift"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drifts/{id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what becomes of it: it is changed back with the next plan of its system, or stays for as long as its owner is at
         *     work. Nobody decides about their own account.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DriftDecision"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Drift"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/entitlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every entitlement that something was said about, by system and name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Entitlement"];
                    };
                };
            };
        };
        /** Say who owns entitlements, how risky they are and whether they may be asked for; all or none. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Entitlements"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Entitlement"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open findings first, then the newest. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Finding"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Grants, newest first: one's own, and everybody's with `grants.read`. */
        get: {
            parameters: {
                query?: {
                    target?: string;
                    /** @description An identity's id. */
                    holder?: string;
                    /** @description Only those that stand now. */
                    standing?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Grant"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/grants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One grant. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Grant"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/grants/{id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The evidence of a grant as one file that verifies offline. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": number[];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/grants/{id}/story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole chain of a grant, from the HR record to the last credential seen gone. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Story"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/grants/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraw: nothing starts with it any more, and what is live ends within a second. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Grant"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hygiene/lint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What in the set-up makes a leak likelier or worse, by rule. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Lint"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People, in the order in which they became known. */
        get: {
            parameters: {
                query?: {
                    /** @description Part of the name, the address or the employee number. */
                    q?: string;
                    department?: string;
                    /** @description `active`, `leave` or `terminated`. */
                    status?: string;
                    /** @description `pre_hire`, `active`, `leave`, `suspended`, `terminated` or `archived`. */
                    state?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Identity"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person with history, eligibility and, if they left, how far that is. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IdentityDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts of a person that are there, on every system. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_ObservedAccount"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What somebody is and was given, oldest first. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Assignment"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody is on leave until then: they sign in, and hold no privilege. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Absence"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Identity"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What each source says of somebody, and whose word counts. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecordsOfPerson"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lift everything that a person ordered about somebody's state: the sources have the word again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Resumption"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Identity"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give somebody roles in Tenure itself. Nobody changes their own. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TenureRoles"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenureRoles"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/setup-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A one-time link with which a person sets a password and an authenticator. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SetupLink"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody holds and proves nothing until then. Grants end at once and do not come back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Absence"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Identity"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that somebody has left, ahead of every source and until a person lifts it. Access ends at once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Termination"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Identity"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/identities/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The life of a person in the organisation: what was, what is, and what is known to come. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IdentityTimeline"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Imports, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Only those of this source. */
                    source?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Import"];
                    };
                };
            };
        };
        put?: never;
        /** Import a feed of a source (CSV). The same feed again changes nothing. */
        post: {
            parameters: {
                query?: {
                    /** @description Show the plan and write nothing. */
                    dry_run?: boolean;
                    /** @description Whose feed it is; `hr` unless told. */
                    source?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportRun"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One import with its changes. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Apply an import that the breaker held: a named person takes responsibility. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportRun"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invariants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Derive every invariant again, now. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Invariants"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts that are there, oldest first. A page may be short, or empty, and still name a next one. */
        get: {
            parameters: {
                query?: {
                    /** @description Only those of this system. */
                    system?: string;
                    /** @description Only those of this person. */
                    identity?: string;
                    /** @description `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`. */
                    state?: string;
                    /** @description Only those that have power by themselves or by a direct membership, or only the others. */
                    privileged?: boolean;
                    /** @description A part of the login or name, in any case. */
                    q?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_ObservedAccount"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account with everything that it has. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ObservedAccountDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/accounts/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say whose an account is, or that it is no person's own. It is kept, and never asked about again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AccountSaid"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ObservedAccount"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/accounts/{id}/protect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Protect an account: nothing is sent to it from now on. Or end that. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AccountProtection"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ObservedAccount"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/entitlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entitlements as they were read, oldest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Only those of this system. */
                    system?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_ObservedEntitlement"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/entitlements/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every account that has it, directly or through what brings it along. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_EntitlementMember"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/systems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every system that was read or can be, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_SystemHealth"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/systems/{system}/accept-missing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that what is missing on a system is gone indeed, and have it read: a whole reading that lacks no more concludes it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    system: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MissingAccepted"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/systems/{system}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a system read now, and from then on every hour. The answer does not wait for it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    system: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/inventory/systems/{system}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reach a system, log in, and hear what it is. Changes nothing. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    system: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SystemSays"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issued": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was issued, newest first: to oneself, and to everybody with `leases.read`. */
        get: {
            parameters: {
                query?: {
                    issuer?: string;
                    /** @description A grant's id. */
                    grant?: string;
                    live?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Issued"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issued/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a certificate or a token: one's own, or anybody's with `leases.revoke`. It is on the revocation list when
         *     this is answered.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Issued"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every issuer, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Issuer"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an issuer, with a key that never leaves the seal: a root, an intermediate below a root of ours or to be signed
         *     elsewhere, an SSH authority, or a signer of tokens.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewIssuer"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Issuer"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One issuer. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Issuer"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers/{name}/import-certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the certificate that was made elsewhere of that request. It must be for this key, a CA's, and valid now. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Signed"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Issuer"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers/{name}/issue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a certificate or a token issued, under a grant for `PROFILE@ISSUER`. Its private part is shown in this answer
         *     only.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Issuance"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers/{name}/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What may be asked of an issuer, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_IssuerProfile"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Say what may be asked of an issuer, all or none. Profiles not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Profiles"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_IssuerProfile"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers/{name}/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The request for the certificate of an intermediate, in PEM, to be signed elsewhere. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers/{name}/rotate-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign tokens with a new key from now on. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeyRotation"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Issuer"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issuers/{name}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an issuer issue nothing any more; an intermediate goes onto the revocation list of its root, where that is ours. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Issuer"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Leases, newest first: one's own, and everybody's with `leases.read`. */
        get: {
            parameters: {
                query?: {
                    service?: string;
                    profile?: string;
                    /** @description A grant's id. */
                    grant?: string;
                    /** @description An identity's id. */
                    holder?: string;
                    /** @description `issuing`, `live`, `ending` or `gone`. */
                    state?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Lease"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a credential. Needs a grant for `login@service` that allows `credential`. Each call makes another one, also with
         *     the same idempotency key: nothing is kept that could be shown twice.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LeaseOrder"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IssuedLease"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/backlog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ended credentials that were not seen gone yet, by service. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_ServiceBacklog"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke every live credential that fits all that is given, of which at least one must be. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BulkRevocation"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RevokedLeases"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/sweep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search a service now for credentials that no lease explains, and remove them. This happens every hour by itself. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SweepOrder"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Sweep"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One lease. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Lease"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/{id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let one's own credential last longer, within its grant and its profile. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Renewal"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Lease"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke one's own credential, or anybody's with `leases.revoke`. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Lease"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leavers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Leaver cases, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Leaver"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leavers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One leaver case: what was ordered where, what only a person can settle, and what becomes of what they owned. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LeaverDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed size and root of the log now. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedCheckpoint"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proof that the log of `old` entries is the beginning of the log of `new` entries. */
        get: {
            parameters: {
                query: {
                    old: number;
                    new: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Consistency"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries, newest first; `after` is a sequence number. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_StoryLine"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Entries exactly as hashed, oldest first, 1,000 at most; for verifiers. */
        get: {
            parameters: {
                query?: {
                    /** @description First sequence number. */
                    from?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_RawEntry"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Machine identities, oldest first: one's own, and everybody's with `machines.read`. */
        get: {
            parameters: {
                query?: {
                    /** @description An identity's id. */
                    owner?: string;
                    /** @description `active`, `unowned` or `ended`. */
                    state?: string;
                    /** @description `production`, `staging`, `test` or `development`. */
                    environment?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Machine"];
                    };
                };
            };
        };
        put?: never;
        /** Register a machine identity. It holds nothing until its owner asks for it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewMachine"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Machine"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One machine identity with its history and its grants. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MachineDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** State what it is for and where it works. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Stated"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Machine"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End it for good: its grants, tokens and open requests go at once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Machine"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines/{id}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give it a later end. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Extension"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Machine"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines/{id}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody else answers for it: its tokens are revoked, and it keeps only what the new owner is eligible for. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["HandOver"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Machine"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its tokens that have not been revoked. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Token"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Make a token that expires before the machine identity ends. Its secret is shown in this answer only. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreatedToken"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/machines/{id}/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke one of its tokens at once. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    token: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mappings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every mapping, by system. A system without one is read and never changed. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Mapping"];
                    };
                };
            };
        };
        /** Say how accounts on systems are made and kept, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Mappings"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Mapping"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/match-cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Match cases, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description `open`, `decided` or `moot`. */
                    state?: string;
                    /** @description `record` for records of sources, as when left out, or `account` for accounts on systems. */
                    about?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_MatchCase"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/match-cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One match case with the candidates side by side. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MatchCaseDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/match-cases/{id}/decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say whose record it is. It is linked and applied at once, and never asked about again. Whose an account is, is said by
         *     `/inventory/accounts/{id}/link`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MatchDecision"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportRun"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am here, and what I may do. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I may ask for, what I hold and what I asked for. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MyAccess"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/ssh-certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A short-lived SSH certificate for a public key, to sign in to the gateway with. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CertificateOrder"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SshCertificate"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/ssh-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's registered SSH public keys. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_SshKey"];
                    };
                };
            };
        };
        put?: never;
        /** Register a public key to sign in to the gateway with. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SshKey"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/ssh-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a public key. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's tokens that have not been revoked. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Token"];
                    };
                };
            };
        };
        put?: never;
        /** Make a token. Its secret is shown in this answer only. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreatedToken"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a token at once. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/movers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Mover cases, newest first. */
        get: {
            parameters: {
                query?: {
                    identity?: string;
                    /** @description Leaves out those of which nothing is kept any more. */
                    open?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Mover"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/movers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One mover case. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Mover"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Orders, newest first. */
        get: {
            parameters: {
                query?: {
                    system?: string;
                    plan?: string;
                    identity?: string;
                    /** @description One of the states of an order. */
                    state?: string;
                    /** @description Leaves out those of which nothing is to happen any more. */
                    open?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_SystemOrder"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for the first page. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Overview"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ownerships": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What leavers owned, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Who left. */
                    owner?: string;
                    /** @description `unowned`, `handed_over`, `dies_at` or `gone`. */
                    state?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Ownership"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ownerships/{id}/hand-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say who owns from now on what a leaver owned. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OwnershipHandOver"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Ownership"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/password-policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every password policy; the built-in one first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, unknown>;
                    };
                };
            };
        };
        /** Declare password policies, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Policies"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, unknown>;
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Plans, newest first. */
        get: {
            parameters: {
                query?: {
                    system?: string;
                    /** @description `held`, `released`, `settled` or `superseded`. */
                    state?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_ReconciliationPlan"];
                    };
                };
            };
        };
        put?: never;
        /** Compare a system with what it should hold, now. What it refused before is tried once more. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PlanAsked"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanOutcome"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One plan. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReconciliationPlan"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a held plan through. It is computed once more: where it would do more than what was shown, it is held again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PlanConfirmation"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlanOutcome"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The steps of a plan, those first that take power away. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_PlanStep"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The policy that holds now. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, unknown>;
                    };
                };
            };
        };
        /** Declare the policy; what is left out takes its default. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DeclaredPolicy"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, unknown>;
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests, newest first: one's own, and everybody's with `requests.read`. Those to decide on: oldest first. */
        get: {
            parameters: {
                query?: {
                    /** @description `pending`, `approved`, `denied`, `cancelled` or `expired`. */
                    state?: string;
                    /** @description Only those that I may decide on now. */
                    to_decide?: boolean;
                    /** @description Only my own, also when I may see everybody's. */
                    mine?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Request"];
                    };
                };
            };
        };
        put?: never;
        /** Ask for a login that a role makes one eligible for. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Asked"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Request"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request, for its people, those who may decide on it, and readers of all. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Request"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve: the grant begins at once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Request"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take one's own request back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Request"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/requests/{id}/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deny. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Request"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every role, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Role"];
                    };
                };
            };
        };
        /** Register or change roles, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Roles"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Role"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rotations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rotations, newest first. */
        get: {
            parameters: {
                query?: {
                    account?: string;
                    /** @description Only those that are not ended. */
                    open?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Rotation"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rotations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One rotation. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rotation"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every scan, the newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Scan"];
                    };
                };
            };
        };
        put?: never;
        /** Begin a scan. It is one's own, and valid for an hour. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewScan"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BegunScan"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scans/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Scan every recording that this server keeps. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecordingsScan"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scans/{id}/digests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask which digests are values of the vault. An account whose credential is found is rotated at once, where its
         *     settings say so.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Digests"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Matches"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scans/{id}/matches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell where a scan found what it found, and end it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Places"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server is sealed, and what opens it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SealStatus"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seal/forget-node": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Wait no more for the files of a node that is gone for good before older data keys are destroyed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Forgetting"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seal/rekey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a new data key. Every secret is sealed again under it in the background: see the status. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rekeyed"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seal/rotate-root": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new root key, which wraps every data key, under the same unseal key. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RootRotated"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seal/seal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close the seal: live sessions end, every key is forgotten, and nothing but unsealing is answered until then. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Closing"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/seal/unseal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open the seal: by one share after the other, or by the proof of being on the server's machine. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Unsealing"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SealStatus"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One level of names below a prefix, never a value: everybody's with `secrets.read`, else what one's own grants are for. */
        get: {
            parameters: {
                query?: {
                    /** @description A safe, a folder, or a part of one; everything unless told. */
                    prefix?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_SecretLine"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The value of a secret. Needs a grant that allows `secret_read`; the answer leaves when its evidence is durable. */
        get: {
            parameters: {
                query?: {
                    /** @description The current one unless told. */
                    version?: number;
                };
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecretValue"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Keep a value as the next version. Needs a grant that allows `secret_write`. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewValue"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WrittenVersion"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Destroy a secret with every version and its metadata, for good. */
        delete: {
            parameters: {
                query?: {
                    /** @description The name of the secret once more. */
                    confirm?: string;
                };
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Keep the current value with some keys replaced; those that are null are removed (RFC 7396). */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewValue"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WrittenVersion"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/secrets/{name}/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Delete versions: they cannot be read until they are brought back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Versions"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangedVersions"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/{name}/destroy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Destroy versions: their bytes are overwritten and never come back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Versions"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangedVersions"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/{name}/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything about a secret but its value: with `secrets.read`, or any grant for its folder. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecretMetadata"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change what is known about a secret; what is left out stays. Needs a grant that allows `secret_write`. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewMetadata"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecretMetadata"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/secrets/{name}/undelete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring deleted versions back. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Versions"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangedVersions"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/{name}/wrap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Wrap a version for one delivery. Needs a grant that allows `secret_read`, which must still stand when it is opened. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `SAFE/FOLDER/NAME`, percent-encoded as one segment */
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WrapOrder"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WrappedSecret"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every service, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Service"];
                    };
                };
            };
        };
        /** Register or change services, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Services"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Service"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions, newest first: one's own, everybody's with `sessions.read`, and of one grant or target whose system one owns. */
        get: {
            parameters: {
                query?: {
                    live?: boolean;
                    /** @description A grant's id. */
                    grant?: string;
                    target?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Session"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/kill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a live session at once: one's own, on a system one owns, or anybody's with `sessions.kill`. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A live session as server-sent events, each an asciicast line. Watching leaves evidence. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The recording as asciicast v2. Reading it leaves evidence. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-asciicast": string;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a set-up link is for, with a new secret for an authenticator. Can be repeated; only the last secret counts. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Begun"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets password and authenticator, spends the link and signs in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Completion"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in; the answer sets the console's cookie. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Credentials"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Simulations, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description `computed` or `applied`. */
                    state?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Simulation"];
                    };
                };
            };
        };
        put?: never;
        /** Compute what files would change for everybody, and everything that is wrong with them. What is declared stays as it is. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConfigurationFiles"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationPlan"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One simulation. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Simulation"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulations/{id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Declare what a simulation is about, in one transaction, if that would still do what it says. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SimulationOrder"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConfigurationChanges"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulations/{id}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would change, a line for each person. */
        get: {
            parameters: {
                query?: {
                    /** @description Only what would change for this person. */
                    identity?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_SimulationLine"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every source of people, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_PeopleSource"];
                    };
                };
            };
        };
        /** Declare or change sources of people, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PeopleSources"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_PeopleSource"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a source read now. A reading that is under way is the answer. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SourceReading"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/readings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Readings of a source, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_SourceReading"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/readings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a reading is, and what became of it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SourceReading"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/scim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who pushes to a source. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScimClient"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Say who pushes to a source. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ScimClientDeclaration"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ScimClient"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask a source for a little, to see whether its service lets Tenure in and has the columns that it names. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TriedSource"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Standing privileges, in order of their accounts; what a grant gives for a time is not among them. `limit` counts
         *     accounts. A page may be short, or empty, and still name a next one.
         */
        get: {
            parameters: {
                query?: {
                    system?: string;
                    /** @description Whose the account is. */
                    holder?: string;
                    /** @description Who answers for the entitlement, else for the system. */
                    owner?: string;
                    /** @description At least `low`, `medium`, `high` or `critical`. */
                    risk?: string;
                    /** @description Only what can be converted, or only what cannot. */
                    convertible?: boolean;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_StandingPrivilege"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standing/convert": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have standing privileges to be had on request from now on: whoever has one may ask for it, and the membership is taken
         *     away. All or none. Nobody converts their own. What a breaker holds is done when somebody else who may confirm plans
         *     converts the same within a day and lets it through.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConversionOrder"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Conversion"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/standing/rehearse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See what would come of converting, without anything being done. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ConversionOrder"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConversionRehearsal"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/systems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every system, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_System"];
                    };
                };
            };
        };
        /** Register or change systems, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Systems"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_System"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every target, by name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Target"];
                    };
                };
            };
        };
        /** Register or change targets, all or none. Those not named stay as they are. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Targets"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Target"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/{name}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The accounts of the last discovery. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Account"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/{name}/discover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look at the target now: who is privileged there, and how. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Discovery"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/targets/{name}/host-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Pin another host key: from now on only this one is accepted. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["HostKey"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Target"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tickets of the systems that one owns, or whose owner one stands in for, newest first; everybody's with `tickets.manage`. */
        get: {
            parameters: {
                query?: {
                    /** @description `open`, `done` or `moot`. */
                    state?: string;
                    system?: string;
                    /** @description The `next` of the page before. */
                    after?: string;
                    /** @description At most this many items; 50 unless told, 200 at most. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Page_Ticket"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One ticket with everything that is needed to carry it out. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketDetail"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{id}/done": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that it was done. From then on it counts as seen on the system. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TicketProof"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Ticket"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unwrap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a wrapped secret. Works once; whatever is wrong with a token, the answer is the same. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WrapToken"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SecretValue"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/unwrap/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Since when and until when a token can be opened, without opening it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WrapToken"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WrapEnvelope"];
                    };
                };
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process runs. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the Prometheus text format. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pki/{name}/ca.pem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The certificate of an X.509 issuer, and those above it behind it, in PEM. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-pem-file": string;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pki/{name}/crl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The revocation list of an X.509 issuer (RFC 5280), in DER. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/pkix-crl": number[];
                    };
                };
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server can serve: its database answers and its ledger is open. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Resources of every kind. */
        get: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/.search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search resources of every kind. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/Bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do many operations. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/Me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The user that the caller is. */
        get: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        /** Replace the user that the caller is. */
        put: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        post?: never;
        /** Say that the user that the caller is is not there any more. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /** Change the user that the caller is. */
        patch: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        trace?: never;
    };
    "/scim/{source}/v2/ResourceTypes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of resources that can be pushed. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/ResourceTypes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One kind of resource, by its name. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/Schemas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The schemas of everything that can be pushed. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/Schemas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One schema, by its URI. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/ServiceProviderConfig": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this SCIM service can do. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Resources of one kind. */
        get: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                    /** @description `Users`, `Groups`, `Agents` or `AgenticApplications` */
                    type: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        put?: never;
        /** Push a new resource. */
        post: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                    /** @description `Users`, `Groups`, `Agents` or `AgenticApplications` */
                    type: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/{type}/.search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Search resources of one kind. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                    type: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scim/{source}/v2/{type}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One resource. */
        get: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                    type: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        /** Replace a resource. */
        put: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                    type: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        post?: never;
        /** Say that a resource is not there any more. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    source: string;
                    type: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change a resource. */
        patch: {
            parameters: {
                query?: {
                    /** @description RFC 7644 section 3.4.2.2. */
                    filter?: string;
                    sortBy?: string;
                    /** @description `ascending` or `descending`. */
                    sortOrder?: string;
                    /** @description From 1. */
                    startIndex?: string;
                    /** @description At most 1,000; 100 unless told. */
                    count?: string;
                    /** @description Names of attributes, with commas between: no others are answered. */
                    attributes?: string;
                    /** @description Names of attributes, with commas between, that are not answered. */
                    excludedAttributes?: string;
                };
                header?: never;
                path: {
                    source: string;
                    type: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/scim+json": Record<string, unknown>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/scim+json": Record<string, unknown>;
                    };
                };
            };
        };
        trace?: never;
    };
    "/ssh/ca.pub": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The line for a host's `TrustedUserCAKeys`. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssh/ca.pub/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The line of an SSH issuer for `TrustedUserCAKeys`, or for `@cert-authority` in `known_hosts`. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssh/krl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The OpenSSH revocation list (KRL) for a host's `RevokedKeys`. */
        get: {
            parameters: {
                query?: {
                    /** @description Wait up to so many seconds, 60 at most, for a list with another `ETag` than that of `If-None-Match`. */
                    wait?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": number[];
                    };
                };
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ssh/krl/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The OpenSSH revocation list (KRL) of an SSH issuer for `RevokedKeys`. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": number[];
                    };
                };
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/revoked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens that were revoked and have not expired. Whoever verifies tokens and does not ask here believes one until it
         *     expires: within an hour.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RevokedTokens"];
                    };
                };
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Absence: {
            /**
             * Format: date-time
             * @description Now when it is left out.
             */
            at?: string | null;
            reason: string;
            /**
             * Format: date-time
             * @description Until a person lifts it, when it is left out.
             */
            until?: string | null;
        };
        /** @description An account on a target, as the last discovery saw it. */
        Account: {
            /** Format: date-time */
            first_seen_at: string;
            /** Format: date-time */
            gone_at?: string | null;
            /** @description One line for each way in which it is privileged. */
            how: string[];
            id: string;
            keys: Record<string, unknown>[];
            /** Format: date-time */
            last_login?: string | null;
            /** Format: date-time */
            last_seen_at: string;
            login: string;
            login_possible: boolean;
            privileged: boolean;
        };
        /** @description Something that an account has. */
        AccountHolding: {
            entitlement: components["schemas"]["ObservedEntitlement"];
            /** @description Names from the direct membership to this one; one alone where it is direct. */
            path: string[];
        };
        /** @description An account as somebody puts it under management. */
        AccountImport: {
            credential: string;
            /** @description Instead of `value`: a new one is set through the administrator. */
            generate?: boolean;
            kind: string;
            login: string;
            /** @description Mail address or id of somebody who works here. */
            owner: string;
            purpose: string;
            /** @description How else than usual it is managed, as in `PUT /accounts/{id}`. */
            settings?: Record<string, unknown>;
            target: string;
            /** @description What it proves itself with now. Sealed at once, and in no answer. */
            value?: string | null;
        };
        AccountProtection: {
            /** @description Whether nothing is to be sent to it from now on. */
            on: boolean;
            reason: string;
        };
        AccountSaid: {
            /** @description Whose it is, by id or mail address. */
            identity?: string | null;
            /** @description That it is no person's own. */
            non_personal?: boolean;
            /** @description Who answers for it then, by id or mail address. */
            owner?: string | null;
            reason: string;
        };
        /**
         * @description Where the credential of an account stands. `unknown`: nobody knows one that logs in.
         * @enum {string}
         */
        AccountState: "settled" | "changing" | "unknown";
        ApproverLine: {
            because: string;
            person?: components["schemas"]["Person"] | null;
        };
        AsOf: {
            /** Format: date-time */
            at: string;
            /**
             * Format: int64
             * @description Entries of the log that the answer was read from.
             */
            checkpoint: number;
            holdings: components["schemas"]["Holding"][];
        };
        Asked: {
            /** @description For whom, when not for oneself: an identity's id. */
            beneficiary?: string | null;
            /** @description Such as `shell`, `exec`, `sftp`; the ordinary ones when left out. */
            channels?: string[] | null;
            /** @description Instead of a beneficiary: a machine identity that one owns, by its name or id. */
            for_machine?: string | null;
            login: string;
            /**
             * Format: int32
             * @description How long the grant is to last, from its approval.
             */
            minutes: number;
            reason: string;
            target: string;
        };
        Assignment: {
            /** @description The reason of whoever gave it, or the role with the values that its condition looked at. */
            because: string;
            /** Format: date-time */
            ended_at?: string | null;
            /** @description `over`, `person`, `not_earned`, `leaver` or `undone`. */
            ended_because?: string | null;
            entitlement?: string | null;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            given_at: string;
            given_by?: components["schemas"]["Person"] | null;
            id: string;
            identity: components["schemas"]["Person"];
            /** @description One of `role` and `entitlement` with its `system`. */
            role?: string | null;
            system?: string | null;
            /** Format: date-time */
            until?: string | null;
        };
        AssignmentEnd: {
            reason: string;
        };
        Because: {
            reason: string;
        };
        Begun: {
            name: string;
            /** @description For an authenticator: `otpauth://totp/…`. */
            otpauth_uri: string;
        };
        BegunScan: {
            /** Format: date-time */
            expires_at: string;
            /**
             * @description 2^20 bits in base64, bit n in byte n / 8 at n % 8. A digest whose first 20 bits name a bit that is not set is no
             *     value of the vault.
             */
            filter: string;
            id: string;
            /** @description For HMAC-SHA256, in hex. A digest is the first 16 bytes. */
            key: string;
        };
        /** @description The most that may happen; the lower of the two. Without either there is no limit. */
        BreakerLimit: {
            /** Format: int64 */
            number?: number | null;
            /**
             * Format: double
             * @description Of what there is, from 0 to 1; never less than one.
             */
            share?: number | null;
        };
        BreakerSetting: {
            /** @description `accounts` disabled or deleted, `grants` taken away, `privileged` ones given, or `creations`. */
            counts: string;
            /**
             * Format: date-time
             * @description `null` where the default holds.
             */
            declared_at?: string | null;
            name: string;
            per_run: components["schemas"]["BreakerLimit"];
            window?: components["schemas"]["BreakerWindow"] | null;
        };
        BreakerWindow: {
            limit: components["schemas"]["BreakerLimit"];
            /** Format: int32 */
            minutes: number;
        };
        Breakers: {
            breaker: Record<string, unknown>[];
            /** @description Needed when one would let more through than before. */
            reason?: string | null;
        };
        Broken: {
            detail: string;
            invariant: string;
        };
        BulkRevocation: {
            grant?: string | null;
            holder?: string | null;
            profile?: string | null;
            reason: string;
            service?: string | null;
        };
        CertificateOrder: {
            /**
             * Format: int32
             * @description 1 to 12.
             */
            hours: number;
            /** @description One line of a `.pub` file. */
            public_key: string;
        };
        Change: {
            after: {
                [key: string]: string;
            };
            before: {
                [key: string]: string;
            };
            employee_id: string;
            /** @description `joiner`, `rejoiner`, `mover` or `leaver`. */
            what: string;
        };
        ChangedVersions: {
            /** @description Those that are other than before. */
            versions: number[];
        };
        Chapter: {
            /** Format: date-time */
            at: string;
            lines: components["schemas"]["StoryLine"][];
            title: string;
        };
        CheckedOut: {
            checkout: components["schemas"]["Checkout"];
            given?: components["schemas"]["Given"] | null;
        };
        Checkout: {
            /** @description The account under management. */
            account: string;
            /**
             * Format: date-time
             * @description Until when a second person's answer, or the holder, is waited for.
             */
            answer_by?: string | null;
            /** Format: date-time */
            asked_at: string;
            cause?: components["schemas"]["CheckoutCause"] | null;
            /** Format: date-time */
            closed_at?: string | null;
            confirmed_by?: components["schemas"]["Person"] | null;
            /** @description `stays`, `ordered` while it is being changed, or `gone` once the account was seen to have another. */
            credential?: string | null;
            /** Format: date-time */
            due_at?: string | null;
            end_reason?: string | null;
            ended_by?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            gone_at?: string | null;
            grant: string;
            holder: components["schemas"]["Person"];
            id: string;
            login: string;
            /** Format: int64 */
            minutes: number;
            /** Format: date-time */
            opened_at?: string | null;
            overdue: boolean;
            reason: string;
            state: components["schemas"]["CheckoutState"];
            target: string;
            /**
             * Format: int32
             * @description Which version of the account's credential it was.
             */
            version?: number | null;
        };
        /**
         * @description Why a checkout was ended by somebody or something else than its holder, or never handed out.
         * @enum {string}
         */
        CheckoutCause: "forced" | "overdue" | "grant_ended" | "leaver" | "unanswered" | "not_taken" | "cancelled" | "unconfirmed";
        /** @enum {string} */
        CheckoutState: "pending" | "confirmed" | "open" | "returned" | "ended" | "lapsed";
        Closing: {
            reason: string;
        };
        Completion: {
            /** @description Six digits from the authenticator. */
            code: string;
            password: string;
            token: string;
        };
        ConfigurationChange: {
            /** @description `create`, `change` or `delete`. */
            act: string;
            after?: Record<string, unknown> | null;
            before?: Record<string, unknown> | null;
            /** @description Such as `Role`. */
            kind: string;
            name: string;
        };
        ConfigurationChanges: {
            changes: components["schemas"]["ConfigurationChange"][];
        };
        /** @description What was declared otherwise since files were applied last. */
        ConfigurationDrift: {
            /**
             * Format: date-time
             * @description `null`: no files were ever applied.
             */
            applied_at?: string | null;
            changes: components["schemas"]["ConfigurationChange"][];
        };
        ConfigurationExport: {
            files: components["schemas"]["ConfigurationFile"][];
        };
        /** @description What is wrong with a file, and what to do about it. */
        ConfigurationFault: {
            /** Format: int64 */
            column: number;
            /** @description Empty where no file is to blame. */
            file: string;
            /**
             * Format: int64
             * @description From 1; 0 where no line is to blame.
             */
            line: number;
            problem: string;
            remedy: string;
        };
        ConfigurationFile: {
            name: string;
            /** @description YAML, any number of documents, each with `kind`, `name` and `spec`. */
            text: string;
        };
        ConfigurationFiles: {
            files: components["schemas"]["ConfigurationFile"][];
            /** @description Remove what no file names. */
            prune?: boolean;
            /** @description Needed when something would let more through than before. */
            reason?: string | null;
        };
        ConfigurationOrder: {
            files: components["schemas"]["ConfigurationFile"][];
            /** @description Remove what no file names. */
            prune?: boolean;
            /** @description Needed when something would let more through than before. */
            reason?: string | null;
            /** @description The simulation that the plan carried: what it says must still be what would come of it. It stands for the state, too. */
            simulation?: string | null;
            /** @description The `state` of the plan that is to be applied. */
            state: string;
        };
        /** @description What files would change. */
        ConfigurationPlan: {
            changes: components["schemas"]["ConfigurationChange"][];
            /** @description Nothing is applied while there are any. */
            faults: components["schemas"]["ConfigurationFault"][];
            simulation?: components["schemas"]["Simulation"] | null;
            /** @description What the plan was made of, to be named when it is applied; `null` when the files could not be read. */
            state?: string | null;
            /**
             * Format: int64
             * @description Objects of the files that are so already.
             */
            unchanged: number;
        };
        Consistency: {
            /** @description Base64 hashes (RFC 9162 section 2.1.4). */
            proof: string[];
        };
        /** @description A standing privilege on its way to being one on request. */
        Conversion: {
            account: string;
            /** @description The role was given for this. */
            assignment?: string | null;
            /** Format: date-time */
            began_at: string;
            began_by: components["schemas"]["Person"];
            /**
             * Format: date-time
             * @description Not seen gone by then, it is undone.
             */
            deadline: string;
            entitlement: string;
            id: string;
            /** @description Whose it was, and who may ask for it. */
            identity: components["schemas"]["Person"];
            login: string;
            /** Format: date-time */
            over_at?: string | null;
            /** @description The order that takes it away. */
            removal: string;
            /** @description The order that gives it back. */
            restoration?: string | null;
            /** @description By which they may ask. */
            role: string;
            /** @description The name of the entitlement in `NAME@SYSTEM`. */
            slug: string;
            /** @description `removing`, `done`, `restoring`, `undone` or `abandoned`. */
            state: string;
            system: string;
            /**
             * @description Why it is or was undone: `person`, `refused`, `not_gone_in_time`, `taken_back` or `given_otherwise`; or why it was
             *     given up: `has_left`, `is_away` or `taken_otherwise`.
             */
            why?: string | null;
        };
        ConversionDetail: components["schemas"]["Conversion"] & {
            /** @description What happened, oldest first, each with its entry in the ledger. */
            steps: components["schemas"]["ConversionStep"][];
        };
        ConversionLine: {
            /** @description That role would be given to whoever has it. */
            gives_role: boolean;
            membership: string;
            /** @description By which it would be asked for; `null` where it cannot be converted. */
            role?: string | null;
            why_not?: string | null;
            why_not_code?: string | null;
        };
        ConversionOrder: {
            /** @description Do what a breaker held when somebody else began it; needs `plans.confirm`. */
            let_through?: boolean;
            /** @description As `id` of what `/standing` lists; 1 to 200, all or none. */
            memberships: string[];
            reason: string;
            /** @description Is given to whoever may not ask yet. */
            role?: string | null;
            /**
             * Format: int32
             * @description Minutes in which each is to be seen gone, or is undone; a day unless told.
             */
            within_minutes?: number | null;
        };
        ConversionRehearsal: {
            /** @description What would hold them all, unless it is let through. */
            held_by: string[];
            /** @description One for each membership, in turn. */
            lines: components["schemas"]["ConversionLine"][];
        };
        ConversionStep: {
            actor: components["schemas"]["Person"];
            /** Format: date-time */
            at: string;
            /** @description The kind of the entry, such as `conversion.begun` or `order.gone`. */
            kind: string;
            /**
             * Format: int64
             * @description Of the entry in the ledger.
             */
            seq: number;
        };
        ConversionUndo: {
            /** @description Do it although a breaker trips; needs `plans.confirm`. */
            let_through?: boolean;
            reason: string;
        };
        Counts: {
            /** Format: int64 */
            joiners: number;
            /** Format: int64 */
            leavers: number;
            /** Format: int64 */
            movers: number;
            /** Format: int64 */
            unchanged: number;
            /**
             * Format: int64
             * @description Records of which a person must say whose they are.
             */
            undecided: number;
        };
        CreatedToken: {
            /** @description Shown once. */
            secret: string;
            token: components["schemas"]["Token"];
        };
        /** @description The certificate that the session used on the target. */
        Credential: {
            /** Format: date-time */
            ended_at?: string | null;
            /** Format: date-time */
            expires_at: string;
            /** Format: date-time */
            observed_gone_at?: string | null;
            serial: string;
        };
        CredentialProfile: {
            description: string;
            /** @description One member, named after the kind, with its settings. */
            kind: Record<string, unknown>;
            /**
             * Format: int32
             * @description How many of one grant may be there at a time.
             */
            max_live: number;
            /** Format: int64 */
            max_ttl_minutes: number;
            /** @description The login of `LOGIN@SERVICE`; for a database the group role whose membership is given. */
            name: string;
            service: string;
        };
        CredentialProfiles: {
            profile: Record<string, unknown>[];
        };
        CredentialValue: {
            /** @description What it proves itself with from now on. Sealed at once, and in no answer. */
            value: string;
        };
        /** @description One version of a credential, without the credential. */
        CredentialVersion: {
            /** Format: date-time */
            destroyed_at?: string | null;
            /** Format: date-time */
            ended_at?: string | null;
            /** Format: date-time */
            made_at: string;
            public_key?: string | null;
            state: components["schemas"]["VersionState"];
            /** Format: date-time */
            verified_at?: string | null;
            /** Format: int32 */
            version: number;
        };
        Credentials: {
            /** @description Six digits from the authenticator. */
            code: string;
            /** @description The mail address. */
            name: string;
            password: string;
        };
        DatabaseUser: {
            database?: string | null;
            /** @description `postgres` or `mariadb`. */
            engine: string;
            host: string;
            /** @description Shown once, and never kept. */
            password: string;
            /** Format: int32 */
            port: number;
            user: string;
        };
        DeclaredPolicy: {
            hr_import?: Record<string, unknown>;
            lifecycle?: Record<string, unknown>;
            machines?: Record<string, unknown>;
            /**
             * @description Needed when it would let more through than before.
             * @default null
             */
            reason: string | null;
            requests?: Record<string, unknown>;
        };
        /** @description A file on a host that holds the password of an account. */
        Dependent: {
            account: string;
            file: string;
            /** Format: date-time */
            found_at: string;
            /**
             * Format: int32
             * @description The version of the password that it holds, as last seen or written.
             */
            holds: number;
            /** @description The target that the file is on. */
            host: string;
            id: string;
            /** Format: date-time */
            kept_at?: string | null;
            /** @description Why it could not be updated. */
            last_error?: string | null;
            /** @description Counted from 1, as last seen. */
            lines: number[];
            /** @description Whether the account's login stands near one of the lines. */
            names_login: boolean;
            /** @description `systemd_unit`, `environment_file`, `cron_tab`, `connection_string` or `setting`. */
            place: string;
            /** @description Whether its unit is restarted after an update. */
            restart: boolean;
            /** Format: date-time */
            seen_at: string;
            state: components["schemas"]["DependentState"];
            /** @description The systemd unit that reads it. */
            unit?: string | null;
            /** Format: date-time */
            updated_at?: string | null;
        };
        DependentRehearsal: {
            dependent: components["schemas"]["Dependent"];
            lines: components["schemas"]["MaskedLine"][];
            /** @description Why it could not be updated. A kept one that cannot stops rotations before the target is touched. */
            problem?: string | null;
        };
        /**
         * @description Whether a person has confirmed that a file is to be updated by rotations.
         * @enum {string}
         */
        DependentState: "found" | "kept";
        Digests: {
            /** @description 1 to 10,000, each 32 hex digits. */
            digests: string[];
        };
        Discovery: {
            accounts: components["schemas"]["Account"][];
            /** @description Logins that were not there before. */
            appeared: string[];
            /** @description Logins whose privileges or keys are other than before. */
            changed: string[];
            /** @description What could not be read, and why. */
            gaps: string[];
            /** @description Logins that are not there any more. */
            gone: string[];
        };
        Drift: {
            /** @description `null` where the account is missing. */
            account?: string | null;
            /** @description What would change it back: `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
            changed_back_by: string;
            /** Format: date-time */
            decided_at?: string | null;
            decided_by?: components["schemas"]["Person"] | null;
            entitlement?: string | null;
            /** @description What its system calls the entitlement. */
            entitlement_name?: string | null;
            /** Format: date-time */
            found_at: string;
            id: string;
            /** @description Whose account it is. */
            identity: components["schemas"]["Person"];
            /** @description Of the account. */
            login?: string | null;
            /** Format: date-time */
            over_at?: string | null;
            /** @description It is about power. */
            privileged: boolean;
            /** @description `waiting`, `reverting`, `accepted` or `over`. */
            state: string;
            system: string;
        };
        /** @enum {string} */
        DriftAnswer: "revert" | "accept";
        DriftDecision: {
            decision: components["schemas"]["DriftAnswer"];
            reason: string;
        };
        /** @description A login that I may ask for. */
        Eligibility: {
            because: string;
            channels: string[];
            login: string;
            /** Format: int32 */
            max_minutes: number;
            role: string;
            target: string;
        };
        Entitlement: {
            description: string;
            /** Format: int32 */
            max_minutes?: number | null;
            owner: components["schemas"]["Person"];
            /** @description `null` leaves it to what the system's connector says. */
            privileged?: boolean | null;
            /** @description Why it is privileged or not, whatever the connector says. */
            privileged_why?: string | null;
            requestable: boolean;
            /** @description `low`, `medium`, `high` or `critical`. */
            risk: string;
            slug: string;
            system: string;
        };
        /** @description An account that has an entitlement. */
        EntitlementMember: components["schemas"]["ObservedAccount"] & {
            /** @description Names from its direct membership to this one; one alone where it is direct. */
            path: string[];
        };
        Entitlements: {
            entitlement: Record<string, unknown>[];
            /** @description Needed when one would let more through than before, or is said to give no power. */
            reason?: string | null;
        };
        Extension: {
            /**
             * Format: int32
             * @description From now until its new end.
             */
            days: number;
        };
        Finding: {
            /** Format: date-time */
            cleared_at?: string | null;
            /** @description What is wrong and what to do. */
            detail: string;
            id: string;
            kind: string;
            /** Format: date-time */
            raised_at: string;
            subject: string;
        };
        Forgetting: {
            /** @description The `node.name` that it had. */
            node: string;
            reason: string;
        };
        FoundDependents: {
            /** @description What could not be looked at. */
            gaps: string[];
            items: components["schemas"]["Dependent"][];
        };
        FoundMatch: components["schemas"]["Match"] & {
            places: string[];
        };
        Gateway: {
            host: string;
            /** Format: int32 */
            port: number;
        };
        /** @description A credential, told once. */
        Given: {
            /** @description `password`, `ssh_key`, `api_key` or `certificate`. */
            kind: string;
            /** @description Of a pair of accounts, the one that is active now. */
            login: string;
            value: string;
        };
        Grant: {
            because: components["schemas"]["GrantBecause"];
            channels: string[];
            ended?: components["schemas"]["GrantEnd"] | null;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            gone_at?: string | null;
            holder: components["schemas"]["Person"];
            id: string;
            /** Format: date-time */
            issued_at: string;
            /** Format: int64 */
            live_sessions: number;
            login: string;
            /** Format: int32 */
            max_sessions: number;
            /** @description `standing`, `ended`, or `gone` once the target was seen clean. */
            state: string;
            target: string;
            /** Format: date-time */
            until: string;
        };
        GrantBecause: {
            kind: string;
            request: string;
            role: string;
        };
        GrantEnd: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["Person"];
            /** @description `expired`, `withdrawn`, `leaver`, `ineligible`, `owner_gone` or `machine_ended`. */
            cause: string;
            reason: string;
        };
        HandOver: {
            /** @description The new owner's mail address. */
            owner: string;
            reason: string;
        };
        Health: {
            status: string;
        };
        Holding: {
            because: string;
            /** Format: date-time */
            from: string;
            grant: string;
            holder: components["schemas"]["Person"];
            /** @description Whether the log of that moment said so. */
            known_on: boolean;
            login: string;
            role: string;
            /** @description Whether it was so, by all that is known now. */
            true_on: boolean;
            /** Format: date-time */
            until: string;
        };
        HostKey: {
            /** @description `ssh-ed25519 AAAA…`, as in a `known_hosts` file after the name. */
            host_key: string;
        };
        Identity: {
            department: string;
            email: string;
            employee_id: string;
            end_date?: string | null;
            id: string;
            job_title: string;
            manager?: components["schemas"]["Person"] | null;
            name: string;
            start_date: string;
            /** @description `pre_hire`, `active`, `leave`, `suspended`, `terminated` or `archived`: from the source, orders and the time. */
            state: string;
            /** @description What the source says: `active`, `leave` or `terminated`. */
            status: string;
            /** @description Where its days are counted, by its name in the IANA database. */
            time_zone: string;
        };
        IdentityDetail: components["schemas"]["Identity"] & {
            eligibilities: components["schemas"]["Eligibility"][];
            /** @description Oldest first. */
            history: components["schemas"]["Version"][];
            leaver?: components["schemas"]["LeaverCase"] | null;
            /** @description In Tenure itself; `null` without an account. */
            roles?: string[] | null;
        };
        IdentityTimeline: {
            /** @description What the ledger holds about it, oldest first. */
            lines: components["schemas"]["StoryLine"][];
            /** @description Oldest first. */
            orders: components["schemas"]["StateOrder"][];
            /** @description What the person is, and will be as far as that is known. */
            phases: components["schemas"]["StatePhase"][];
        };
        /** @description An import that was applied or held. */
        Import: {
            counts: components["schemas"]["Counts"];
            held_because?: string | null;
            id: string;
            /** Format: date-time */
            received_at: string;
            /** Format: int64 */
            records: number;
            /** @description Of the feed, hex. */
            sha256: string;
            /** @description Whose feed it was. */
            source: string;
            /** @description `applied`, `held` or `superseded`. */
            state: string;
        };
        ImportDetail: components["schemas"]["Import"] & {
            changes: components["schemas"]["Change"][];
        };
        /** @description What a feed would do, did, or would do if a person confirmed it. */
        ImportRun: {
            changes: components["schemas"]["Change"][];
            counts: components["schemas"]["Counts"];
            held_because?: string | null;
            /** @description `null` where nothing was written. */
            id?: string | null;
            /** @description `planned`, `unchanged`, `applied` or `held`. */
            state: string;
        };
        Imports: {
            account: components["schemas"]["AccountImport"][];
        };
        Invariants: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            broken: number;
            /** @description How many things each invariant was held against. */
            checked: {
                [key: string]: number;
            };
            problems: components["schemas"]["Broken"][];
        };
        /** @description What was issued. Keys and tokens are in this answer only. */
        Issuance: {
            /** @description PEM, or an OpenSSH line. */
            certificate?: string | null;
            /** @description PEM of the authorities between the certificate and its root. */
            chain?: string | null;
            issued: components["schemas"]["Issued"];
            /** @description Where the key pair was made here; PEM, or as OpenSSH keeps it. */
            private_key?: string | null;
            token?: string | null;
        };
        Issued: {
            /** @description `expired`, `revoked`, `grant_ended` or `key_withdrawn`. */
            end_cause?: string | null;
            /** Format: date-time */
            ended_at?: string | null;
            /** Format: date-time */
            expires_at: string;
            /** @description `x509`, `jwt` or `ssh`. */
            form: string;
            /** Format: date-time */
            gone_at?: string | null;
            grant: string;
            holder: components["schemas"]["Person"];
            id: string;
            /** Format: date-time */
            issued_at: string;
            issuer: string;
            /** @description Names, principals or audiences. */
            names: string[];
            profile: string;
            /** @description Hex for X.509, decimal for SSH, the `jti` of a token. */
            serial: string;
            /** @description Of what was issued, hex. */
            sha256: string;
            /** @description `live`, `ended`, or `gone`: expired, or seen on the published revocation list. */
            state: string;
        };
        /** @description A lease with what proves it. */
        IssuedLease: {
            database_user: components["schemas"]["DatabaseUser"];
            lease: components["schemas"]["Lease"];
        };
        Issuer: {
            /** Format: date-time */
            created_at: string;
            id: string;
            /** @description Oldest first; the last one signs. */
            keys: components["schemas"]["Key"][];
            /** @description `x509_root`, `x509_intermediate`, `jwt` or `ssh`. */
            kind: string;
            /** @description The TARGET in `PROFILE@ISSUER`. */
            name: string;
            terms: Record<string, unknown>;
            /**
             * Format: date-time
             * @description Since then it issues nothing.
             */
            withdrawn_at?: string | null;
        };
        IssuerProfile: {
            /** Format: int32 */
            max_minutes: number;
            /** @description The LOGIN in `PROFILE@ISSUER`. */
            name: string;
            /** @description With `kind`: `x509`, `jwt` or `ssh`. */
            rules: Record<string, unknown>;
        };
        KeepDependent: {
            /** @description Whether its unit is restarted after an update. */
            restart?: boolean;
        };
        Key: {
            /** @description The CA certificate, in PEM; `null` until an intermediate has its own. */
            certificate?: string | null;
            /** Format: date-time */
            created_at: string;
            id: string;
            /** @description PEM, a JWK, or an OpenSSH line. */
            public_key: string;
            /**
             * Format: date-time
             * @description Until then a retired key verifies what it signed.
             */
            published_until?: string | null;
            /** Format: date-time */
            retired_at?: string | null;
        };
        KeyRotation: {
            /** @description `expires`: tokens of the old key verify until they expire; `withdrawn`: all of them end now. */
            old: string;
        };
        Lease: {
            cause?: components["schemas"]["LeaseCause"] | null;
            /** Format: date-time */
            ended_at?: string | null;
            /** Format: date-time */
            ends_at: string;
            /**
             * Format: date-time
             * @description When it was seen not to be there any more.
             */
            gone_at?: string | null;
            grant: string;
            holder: components["schemas"]["Person"];
            id: string;
            /** @description Such as `database_user`. */
            kind: string;
            /**
             * Format: date-time
             * @description No renewal goes beyond this.
             */
            latest_end_at: string;
            /** @description What it is called at the service. */
            name: string;
            /** Format: date-time */
            ordered_at: string;
            profile: string;
            service: string;
            state: components["schemas"]["LeaseState"];
        };
        /**
         * @description Why a lease ended.
         * @enum {string}
         */
        LeaseCause: "expired" | "grant_ended" | "token_ended" | "revoked" | "not_issued";
        LeaseOrder: {
            /** @description The profile. */
            login: string;
            /**
             * Format: int32
             * @description As long as the profile and the grant allow, when left out.
             */
            minutes?: number | null;
            service: string;
        };
        /** @enum {string} */
        LeaseState: "issuing" | "live" | "ending" | "gone";
        Leaver: {
            /** Format: date-time */
            account_disabled_at?: string | null;
            /** Format: date-time */
            closed_at?: string | null;
            /**
             * Format: date-time
             * @description When the news reached Tenure.
             */
            event_at: string;
            id: string;
            identity: components["schemas"]["Person"];
            /** @description The import that said so. */
            import?: string | null;
            /**
             * Format: int32
             * @description How often something was found that had to go after all.
             */
            reopened: number;
            seconds: components["schemas"]["LeaverSeconds"];
            /**
             * @description What the case waits for: `await_sessions_ended`, `await_privilege_gone`, `await_accounts_disabled` or
             *     `await_ownership`; else `done`, or `cancelled` when the person came back.
             */
            step: string;
            /**
             * Format: int64
             * @description Grants that were withdrawn.
             */
            withdrawn: number;
        };
        LeaverCase: {
            /** Format: date-time */
            event_at: string;
            id: string;
            step: Record<string, unknown>;
            /**
             * Format: double
             * @description Seconds from the news until the last privilege was seen gone.
             */
            took_seconds?: number | null;
            /** Format: int64 */
            withdrawn: number;
        };
        LeaverDetail: components["schemas"]["Leaver"] & {
            orders: components["schemas"]["LeaverOrder"][];
            ownerships: components["schemas"]["Ownership"][];
            protected: components["schemas"]["LeaverProtected"][];
        };
        /** @description What was ordered on a system because somebody left. */
        LeaverOrder: {
            account?: string | null;
            /** @description `revoke` of what gives power, or `disable`. */
            act: string;
            entitlement?: string | null;
            /** @description What its system calls the entitlement. */
            entitlement_name?: string | null;
            id: string;
            login?: string | null;
            /** Format: date-time */
            ordered_at: string;
            /** @description `gone` when it was seen there; `waiting_for_person` where only a person reaches the system. */
            state: string;
            system: string;
            /** @description What is in its way. */
            trouble?: string | null;
        };
        /** @description An enabled account of a leaver that nothing is ever sent to: a person has to see to it. */
        LeaverProtected: {
            id: string;
            login: string;
            system: string;
        };
        /** @description From the news on; `null` while it is not over, or when there was nothing to do. */
        LeaverSeconds: {
            /** Format: double */
            accounts_disabled?: number | null;
            /** Format: double */
            last_privilege_gone?: number | null;
            /** Format: double */
            owned?: number | null;
            /** Format: double */
            sessions_ended?: number | null;
        };
        Link: {
            token: string;
        };
        /** @description Something to improve. */
        Lint: {
            /** @description What is wrong and what to do. */
            detail: string;
            /** @description A word in snake_case. */
            rule: string;
            /** @description A name or an id. */
            subject: string;
        };
        LookOn: {
            /** @description Whole paths of files or folders to look at besides systemd units, what they read, and cron tabs. */
            files?: string[];
            /** @description The target to look on. */
            host: string;
        };
        /** @description A service account: it holds grants like a person, and a person answers for it. */
        Machine: {
            /**
             * Format: date-time
             * @description When it ends unless somebody takes it over; `null` unless it is unowned.
             */
            deadline?: string | null;
            /** Format: date-time */
            ended_at?: string | null;
            /** @description `person`, `term_over`, `no_owner` or `source`. */
            ended_because?: string | null;
            /** Format: date-time */
            ends_at: string;
            /** @description `production`, `staging`, `test` or `development`. */
            environment: string;
            id: string;
            name: string;
            /** @description While it is unowned or ended, whoever owned it last. */
            owner: components["schemas"]["Person"];
            purpose: string;
            /** Format: date-time */
            registered_at: string;
            /** @description `active`, `unowned` or `ended`. */
            state: string;
        };
        MachineDetail: components["schemas"]["Machine"] & {
            /** @description Newest first, at most 100. */
            grants: components["schemas"]["Grant"][];
            /** @description Oldest first. */
            history: components["schemas"]["MachineVersion"][];
        };
        /** @description What was known during one span. */
        MachineVersion: {
            /** Format: date-time */
            ends_at: string;
            environment: string;
            /** Format: date-time */
            from: string;
            owner: components["schemas"]["Person"];
            purpose: string;
            state: string;
            /** Format: date-time */
            until?: string | null;
        };
        ManagedAccount: {
            /** @description `itself` or `administrator`. */
            change_as: string;
            /** Format: date-time */
            changed_at?: string | null;
            /** @description `password`, `ssh_key`, `api_key` or `certificate`. */
            credential: string;
            /**
             * Format: int32
             * @description The version that logs in, as far as is known.
             */
            current?: number | null;
            /** @description `retry`, or `roll_back`: what happens when files that hold the password cannot be updated after a change. */
            dependents_behind: string;
            dual_control: boolean;
            /** @description Whether one person at a time has it in hand. */
            exclusive: boolean;
            /** Format: int64 */
            grace_seconds: number;
            id: string;
            /** @description `person`, `shared` or `service`. */
            kind: string;
            login: string;
            /** Format: date-time */
            managed_at: string;
            /** Format: int64 */
            max_checkout_seconds?: number | null;
            one_time: boolean;
            owner: components["schemas"]["Person"];
            pair?: components["schemas"]["Pair"] | null;
            policy: string;
            purpose: string;
            /** @description `automatic` or `ask`. */
            reconcile: string;
            reconcile_by?: string | null;
            /** Format: date-time */
            rotate_at?: string | null;
            /** Format: int64 */
            rotate_every_seconds?: number | null;
            rotate_on_leak: boolean;
            state: components["schemas"]["AccountState"];
            /** @description The target or service that it is on. */
            target: string;
            /** Format: date-time */
            unmanaged_at?: string | null;
            /** @description Whether Tenure can log in with it, and so verify and rotate it by itself. */
            verifiable: boolean;
            /** Format: date-time */
            verified_at?: string | null;
            /** Format: date-time */
            verify_at?: string | null;
            /** Format: int64 */
            verify_every_seconds?: number | null;
        };
        /** @description A mapping as it was declared. */
        Mapping: {
            /** @description Templates by attribute: what is set. */
            attributes: Record<string, unknown>;
            /** @description Attributes that nobody sets there but its administrators, so that they prove whose an account is. */
            authoritative: string[];
            /** @description Templates by attribute: what is compared, told, and never set. */
            compares: Record<string, unknown>;
            /** @description Whether accounts are made there. */
            creates: boolean;
            /**
             * Format: int32
             * @description `null` where accounts of people who have left stay, disabled.
             */
            delete_after_days?: number | null;
            /** @description `revert`, `accept` or `ask`: what becomes of what is changed by hand. */
            drift: string;
            /** @description Such as `{given_name:1}{family_name}`. */
            login: string;
            /** @description Whether an account gets another login when its owner's name changes. */
            renames: boolean;
            system: string;
        };
        Mappings: {
            mapping: Record<string, unknown>[];
            /** @description Needed when one would let more through than before. */
            reason?: string | null;
        };
        /** @description A line that would change, with stars in place of the password and without what else stands there. */
        MaskedLine: {
            /**
             * Format: int32
             * @description Counted from 1.
             */
            number: number;
            shown: string;
        };
        /** @description A value of the vault that lies open somewhere. */
        Match: {
            digest: string;
            id: string;
            /** @description Of a secret, the key in its value. */
            key?: string | null;
            /** @description `secret` or `account`. */
            kind: string;
            /** @description Of a secret its name, of an account `LOGIN@TARGET`. */
            name: string;
            /** @description The rotation that it led to. */
            rotation?: string | null;
            /** @description Of an account: `current`, `candidate`, `previous` or `refused`. */
            state?: string | null;
            /** Format: int32 */
            version: number;
        };
        MatchCandidate: {
            /** @description What speaks for it and against it, such as `same_email`, `nearly_same_name` or `unlike_name`. */
            because: string[];
            person: components["schemas"]["Person"];
            /** Format: int32 */
            score: number;
        };
        /** @description A record or an account that may be of somebody whom Tenure knows. */
        MatchCase: {
            /** @description The account that is asked about, where it is one of a system, which stands as `source` then. */
            account?: string | null;
            /** @description The likeliest first. */
            candidates: components["schemas"]["MatchCandidate"][];
            /** Format: date-time */
            decided_at?: string | null;
            decided_by?: components["schemas"]["Person"] | null;
            id: string;
            identity?: components["schemas"]["Person"] | null;
            /** @description What the source calls the person; of an account its login. */
            key: string;
            /** Format: date-time */
            opened_at: string;
            source: string;
            /** @description `open`, `decided` or `moot`. */
            state: string;
        };
        /** @description A case with the record and what is known of each candidate, to be compared. */
        MatchCaseDetail: components["schemas"]["MatchCase"] & {
            /** @description In the order of the candidates. */
            known: components["schemas"]["Identity"][];
            record?: components["schemas"]["SourceRecord"] | null;
        };
        MatchDecision: {
            /** @description Whose record it is. */
            identity?: string | null;
            /** @description That it is of somebody whom Tenure did not know. */
            new?: boolean;
            reason: string;
        };
        Matches: {
            matches: components["schemas"]["Match"][];
        };
        Me: {
            /** @description Where `ssh` goes. */
            gateway: components["schemas"]["Gateway"];
            identity: components["schemas"]["Profile"];
            permissions: string[];
            roles: string[];
        };
        Missing: {
            /** Format: int64 */
            accounts: number;
            /** Format: int64 */
            entitlements: number;
            /** Format: int64 */
            memberships: number;
        };
        MissingAccepted: {
            /** @description As the system's state tells it. When more is missing by now, nothing is accepted. */
            missing: components["schemas"]["Missing"];
            reason: string;
        };
        More: {
            /**
             * Format: int32
             * @description From when it is due now.
             */
            minutes: number;
        };
        Mover: {
            /** Format: date-time */
            begun_at: string;
            /** @description What ended at once. */
            ended: components["schemas"]["MoverEntitlement"][];
            /** @description Roles that the person has since. */
            gained: string[];
            /**
             * Format: date-time
             * @description What is kept ends then.
             */
            grace_until: string;
            id: string;
            identity: components["schemas"]["Person"];
            kept: components["schemas"]["MoverEntitlement"][];
            /** @description Roles that they had before. */
            lost: string[];
            /**
             * Format: date-time
             * @description When nothing was kept any more.
             */
            settled_at?: string | null;
        };
        /** @description Something that a lost role granted. */
        MoverEntitlement: {
            entitlement: string;
            role: string;
            system: string;
            /** @description Why it is not kept: `privileged`, `conflict` or `no_grace`; `null` where it is. */
            why?: string | null;
        };
        MyAccess: {
            eligibilities: components["schemas"]["Eligibility"][];
            /** @description Newest first, at most 100. */
            grants: components["schemas"]["Grant"][];
            /** @description Newest first, at most 100. */
            requests: components["schemas"]["Request"][];
        };
        New: {
            /** @description `password`, `ssh_key`, `api_key` or `certificate`, where the login has several. */
            credential?: string | null;
            login: string;
            /**
             * Format: int32
             * @description How long it is needed. It is never longer than the grant.
             */
            minutes: number;
            reason: string;
            target: string;
        };
        /** @description A role, or an entitlement with its system. */
        NewAssignment: {
            /**
             * Format: date-time
             * @description Now when it is left out.
             */
            at?: string | null;
            entitlement?: string | null;
            identity: string;
            reason: string;
            role?: string | null;
            system?: string | null;
            /**
             * Format: date-time
             * @description Until a person ends it, when it is left out.
             */
            until?: string | null;
        };
        NewIssuer: {
            /** @description Lower case letters, digits, `.`, `_` and `-`. */
            name: string;
            /** @description With `kind`: `x509_root`, `x509_intermediate`, `jwt` or `ssh`. */
            terms: Record<string, unknown>;
        };
        NewKey: {
            name: string;
            /** @description One line of a `.pub` file. */
            public_key: string;
        };
        NewMachine: {
            /**
             * Format: int32
             * @description From now until its end; the policy says how many at most.
             */
            days: number;
            /** @description `production`, `staging`, `test` or `development`. */
            environment: string;
            name: string;
            /** @description The owner's mail address; oneself when left out. */
            owner?: string | null;
            purpose: string;
        };
        NewMetadata: {
            cas_required?: boolean | null;
            /** @description All of it; what is not named here is gone. */
            custom?: {
                [key: string]: string;
            } | null;
            /**
             * Format: int64
             * @description 0 for versions that live on.
             */
            delete_after_seconds?: number | null;
            /**
             * Format: int32
             * @description 1 to 100, from the next write on.
             */
            max_versions?: number | null;
            /** @description By id or mail address, of somebody who works here. */
            owner?: string | null;
            purpose?: string | null;
        };
        NewScan: {
            what: components["schemas"]["Reads"];
        };
        NewToken: {
            /**
             * Format: int32
             * @description At most 366.
             */
            days: number;
            name: string;
            /** @description Permissions, none of which may be more than one's own. */
            scopes: string[];
        };
        NewValue: {
            /**
             * Format: int32
             * @description The version that this one follows; 0 for a secret that must not exist.
             */
            cas?: number | null;
            /** @description Keys with texts, whole numbers of 64 bits, truth values or nulls: at most 128, and 512 KiB in all. */
            data: Record<string, unknown>;
            /** @description With the first version: who answers for it, by id or mail address; the caller unless told. */
            owner?: string | null;
            /** @description With the first version: what it is for. A secret without a purpose is not kept. */
            purpose?: string | null;
        };
        /** @description An account as it was read on a system. It is under management only where `/accounts` says so. */
        ObservedAccount: {
            /** Format: date-time */
            decided_at?: string | null;
            decided_by?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            from: string;
            id: string;
            identity?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            last_used_at?: string | null;
            /** @description What the link follows from: the tests that were passed, or who said so. */
            linked_by?: string | null;
            login: string;
            /** @description What the system calls it, for as long as it is there. */
            native_id: string;
            owner?: components["schemas"]["Person"] | null;
            /** @description Entitlements that it has directly and that give power, by name. */
            power_by: string[];
            /** @description Why it has power by itself, beside its memberships. */
            privileged: string[];
            /** @description `built_in` where the system calls it its own, `declared` where a person protected it. */
            protection?: string | null;
            /** @description `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`. */
            state: string;
            /** @description `enabled` or `disabled`. */
            status: string;
            system: string;
            /** Format: date-time */
            until?: string | null;
        };
        ObservedAccountDetail: components["schemas"]["ObservedAccount"] & {
            /** @description As the system shows them. */
            attributes: Record<string, unknown>;
            /** @description Directly and through what that brings along. */
            holdings: components["schemas"]["AccountHolding"][];
        };
        /** @description A group, role or right as it was read on a system. */
        ObservedEntitlement: {
            /** Format: date-time */
            from: string;
            id: string;
            /** @description `group`, `role`, `database_grant`, `sudo_rule`, `ssh_key` or `other`. */
            kind: string;
            name: string;
            /** @description What the system calls it, for as long as it is there. */
            native_id: string;
            owner?: components["schemas"]["Person"] | null;
            /** @description Why it gives power, where it does: what a person said counts before what the system says. */
            privileged?: string | null;
            /** @description `low`, `medium`, `high` or `critical`, where somebody said so. */
            risk?: string | null;
            /** @description By which it can be asked for and given, as `SLUG@SYSTEM`. */
            slug: string;
            system: string;
            /** Format: date-time */
            until?: string | null;
        };
        Order: {
            /** @description All of the profile's when it is left out. */
            audiences?: string[];
            /** @description A PKCS #10 request in PEM, whose names are taken and nothing else; without, the key pair is made here. */
            csr?: string | null;
            dns?: string[];
            ips?: string[];
            /**
             * Format: int32
             * @description As long as profile and grant allow when it is left out.
             */
            minutes?: number | null;
            principals?: string[];
            profile: string;
            /** @description A line of a `.pub` file; without, the key pair is made here. */
            public_key?: string | null;
            /** @description SPIFFE ids. */
            uris?: string[];
        };
        /** @description Figures are `null` where the caller may not see what they count. */
        Overview: {
            /**
             * Format: int64
             * @description From the server's own continuous check.
             */
            broken_invariants?: number | null;
            /** Format: int64 */
            identities?: number | null;
            /**
             * Format: double
             * @description From the news of the last leaver until their last privilege was seen gone.
             */
            last_leaver_seconds?: number | null;
            /** Format: int64 */
            live_sessions?: number | null;
            /** Format: int64 */
            open_findings?: number | null;
            /** Format: int64 */
            pending_requests_for_me: number;
            /** Format: int64 */
            standing_grants?: number | null;
        };
        Ownership: {
            because?: string | null;
            /** @description The leaver case in which it came up. */
            case: string;
            /**
             * Format: date-time
             * @description When it ends, unless somebody takes it over.
             */
            deadline?: string | null;
            decided_by?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            found_at: string;
            id: string;
            /** @description `machine`, `system`, `entitlement`, `source`, `account` under management, `secret` or `shared_account`. */
            kind: string;
            name: string;
            /** @description Who left. */
            owner: components["schemas"]["Person"];
            /** Format: date-time */
            settled_at?: string | null;
            /** @description `unowned`, `handed_over`, `dies_at` or `gone`. */
            state: string;
            /** @description Its id, or its name where it has none. */
            subject: string;
            successor?: components["schemas"]["Person"] | null;
        };
        OwnershipHandOver: {
            reason: string;
            /** @description Id or mail address of somebody who works here. */
            to: string;
        };
        Page_Account: {
            items: {
                /** Format: date-time */
                first_seen_at: string;
                /** Format: date-time */
                gone_at?: string | null;
                /** @description One line for each way in which it is privileged. */
                how: string[];
                id: string;
                keys: Record<string, unknown>[];
                /** Format: date-time */
                last_login?: string | null;
                /** Format: date-time */
                last_seen_at: string;
                login: string;
                login_possible: boolean;
                privileged: boolean;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Assignment: {
            items: {
                /** @description The reason of whoever gave it, or the role with the values that its condition looked at. */
                because: string;
                /** Format: date-time */
                ended_at?: string | null;
                /** @description `over`, `person`, `not_earned`, `leaver` or `undone`. */
                ended_because?: string | null;
                entitlement?: string | null;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                given_at: string;
                given_by?: components["schemas"]["Person"] | null;
                id: string;
                identity: components["schemas"]["Person"];
                /** @description One of `role` and `entitlement` with its `system`. */
                role?: string | null;
                system?: string | null;
                /** Format: date-time */
                until?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_BreakerSetting: {
            items: {
                /** @description `accounts` disabled or deleted, `grants` taken away, `privileged` ones given, or `creations`. */
                counts: string;
                /**
                 * Format: date-time
                 * @description `null` where the default holds.
                 */
                declared_at?: string | null;
                name: string;
                per_run: components["schemas"]["BreakerLimit"];
                window?: components["schemas"]["BreakerWindow"] | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Checkout: {
            items: {
                /** @description The account under management. */
                account: string;
                /**
                 * Format: date-time
                 * @description Until when a second person's answer, or the holder, is waited for.
                 */
                answer_by?: string | null;
                /** Format: date-time */
                asked_at: string;
                cause?: components["schemas"]["CheckoutCause"] | null;
                /** Format: date-time */
                closed_at?: string | null;
                confirmed_by?: components["schemas"]["Person"] | null;
                /** @description `stays`, `ordered` while it is being changed, or `gone` once the account was seen to have another. */
                credential?: string | null;
                /** Format: date-time */
                due_at?: string | null;
                end_reason?: string | null;
                ended_by?: components["schemas"]["Person"] | null;
                /** Format: date-time */
                gone_at?: string | null;
                grant: string;
                holder: components["schemas"]["Person"];
                id: string;
                login: string;
                /** Format: int64 */
                minutes: number;
                /** Format: date-time */
                opened_at?: string | null;
                overdue: boolean;
                reason: string;
                state: components["schemas"]["CheckoutState"];
                target: string;
                /**
                 * Format: int32
                 * @description Which version of the account's credential it was.
                 */
                version?: number | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Conversion: {
            items: {
                account: string;
                /** @description The role was given for this. */
                assignment?: string | null;
                /** Format: date-time */
                began_at: string;
                began_by: components["schemas"]["Person"];
                /**
                 * Format: date-time
                 * @description Not seen gone by then, it is undone.
                 */
                deadline: string;
                entitlement: string;
                id: string;
                /** @description Whose it was, and who may ask for it. */
                identity: components["schemas"]["Person"];
                login: string;
                /** Format: date-time */
                over_at?: string | null;
                /** @description The order that takes it away. */
                removal: string;
                /** @description The order that gives it back. */
                restoration?: string | null;
                /** @description By which they may ask. */
                role: string;
                /** @description The name of the entitlement in `NAME@SYSTEM`. */
                slug: string;
                /** @description `removing`, `done`, `restoring`, `undone` or `abandoned`. */
                state: string;
                system: string;
                /**
                 * @description Why it is or was undone: `person`, `refused`, `not_gone_in_time`, `taken_back` or `given_otherwise`; or why it was
                 *     given up: `has_left`, `is_away` or `taken_otherwise`.
                 */
                why?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_CredentialProfile: {
            items: {
                description: string;
                /** @description One member, named after the kind, with its settings. */
                kind: Record<string, unknown>;
                /**
                 * Format: int32
                 * @description How many of one grant may be there at a time.
                 */
                max_live: number;
                /** Format: int64 */
                max_ttl_minutes: number;
                /** @description The login of `LOGIN@SERVICE`; for a database the group role whose membership is given. */
                name: string;
                service: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_CredentialVersion: {
            items: {
                /** Format: date-time */
                destroyed_at?: string | null;
                /** Format: date-time */
                ended_at?: string | null;
                /** Format: date-time */
                made_at: string;
                public_key?: string | null;
                state: components["schemas"]["VersionState"];
                /** Format: date-time */
                verified_at?: string | null;
                /** Format: int32 */
                version: number;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Dependent: {
            items: {
                account: string;
                file: string;
                /** Format: date-time */
                found_at: string;
                /**
                 * Format: int32
                 * @description The version of the password that it holds, as last seen or written.
                 */
                holds: number;
                /** @description The target that the file is on. */
                host: string;
                id: string;
                /** Format: date-time */
                kept_at?: string | null;
                /** @description Why it could not be updated. */
                last_error?: string | null;
                /** @description Counted from 1, as last seen. */
                lines: number[];
                /** @description Whether the account's login stands near one of the lines. */
                names_login: boolean;
                /** @description `systemd_unit`, `environment_file`, `cron_tab`, `connection_string` or `setting`. */
                place: string;
                /** @description Whether its unit is restarted after an update. */
                restart: boolean;
                /** Format: date-time */
                seen_at: string;
                state: components["schemas"]["DependentState"];
                /** @description The systemd unit that reads it. */
                unit?: string | null;
                /** Format: date-time */
                updated_at?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_DependentRehearsal: {
            items: {
                dependent: components["schemas"]["Dependent"];
                lines: components["schemas"]["MaskedLine"][];
                /** @description Why it could not be updated. A kept one that cannot stops rotations before the target is touched. */
                problem?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Drift: {
            items: {
                /** @description `null` where the account is missing. */
                account?: string | null;
                /** @description What would change it back: `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
                changed_back_by: string;
                /** Format: date-time */
                decided_at?: string | null;
                decided_by?: components["schemas"]["Person"] | null;
                entitlement?: string | null;
                /** @description What its system calls the entitlement. */
                entitlement_name?: string | null;
                /** Format: date-time */
                found_at: string;
                id: string;
                /** @description Whose account it is. */
                identity: components["schemas"]["Person"];
                /** @description Of the account. */
                login?: string | null;
                /** Format: date-time */
                over_at?: string | null;
                /** @description It is about power. */
                privileged: boolean;
                /** @description `waiting`, `reverting`, `accepted` or `over`. */
                state: string;
                system: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Entitlement: {
            items: {
                description: string;
                /** Format: int32 */
                max_minutes?: number | null;
                owner: components["schemas"]["Person"];
                /** @description `null` leaves it to what the system's connector says. */
                privileged?: boolean | null;
                /** @description Why it is privileged or not, whatever the connector says. */
                privileged_why?: string | null;
                requestable: boolean;
                /** @description `low`, `medium`, `high` or `critical`. */
                risk: string;
                slug: string;
                system: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_EntitlementMember: {
            items: (components["schemas"]["ObservedAccount"] & {
                /** @description Names from its direct membership to this one; one alone where it is direct. */
                path: string[];
            })[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Finding: {
            items: {
                /** Format: date-time */
                cleared_at?: string | null;
                /** @description What is wrong and what to do. */
                detail: string;
                id: string;
                kind: string;
                /** Format: date-time */
                raised_at: string;
                subject: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Grant: {
            items: {
                because: components["schemas"]["GrantBecause"];
                channels: string[];
                ended?: components["schemas"]["GrantEnd"] | null;
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                gone_at?: string | null;
                holder: components["schemas"]["Person"];
                id: string;
                /** Format: date-time */
                issued_at: string;
                /** Format: int64 */
                live_sessions: number;
                login: string;
                /** Format: int32 */
                max_sessions: number;
                /** @description `standing`, `ended`, or `gone` once the target was seen clean. */
                state: string;
                target: string;
                /** Format: date-time */
                until: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Identity: {
            items: {
                department: string;
                email: string;
                employee_id: string;
                end_date?: string | null;
                id: string;
                job_title: string;
                manager?: components["schemas"]["Person"] | null;
                name: string;
                start_date: string;
                /** @description `pre_hire`, `active`, `leave`, `suspended`, `terminated` or `archived`: from the source, orders and the time. */
                state: string;
                /** @description What the source says: `active`, `leave` or `terminated`. */
                status: string;
                /** @description Where its days are counted, by its name in the IANA database. */
                time_zone: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Import: {
            items: {
                counts: components["schemas"]["Counts"];
                held_because?: string | null;
                id: string;
                /** Format: date-time */
                received_at: string;
                /** Format: int64 */
                records: number;
                /** @description Of the feed, hex. */
                sha256: string;
                /** @description Whose feed it was. */
                source: string;
                /** @description `applied`, `held` or `superseded`. */
                state: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Issued: {
            items: {
                /** @description `expired`, `revoked`, `grant_ended` or `key_withdrawn`. */
                end_cause?: string | null;
                /** Format: date-time */
                ended_at?: string | null;
                /** Format: date-time */
                expires_at: string;
                /** @description `x509`, `jwt` or `ssh`. */
                form: string;
                /** Format: date-time */
                gone_at?: string | null;
                grant: string;
                holder: components["schemas"]["Person"];
                id: string;
                /** Format: date-time */
                issued_at: string;
                issuer: string;
                /** @description Names, principals or audiences. */
                names: string[];
                profile: string;
                /** @description Hex for X.509, decimal for SSH, the `jti` of a token. */
                serial: string;
                /** @description Of what was issued, hex. */
                sha256: string;
                /** @description `live`, `ended`, or `gone`: expired, or seen on the published revocation list. */
                state: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Issuer: {
            items: {
                /** Format: date-time */
                created_at: string;
                id: string;
                /** @description Oldest first; the last one signs. */
                keys: components["schemas"]["Key"][];
                /** @description `x509_root`, `x509_intermediate`, `jwt` or `ssh`. */
                kind: string;
                /** @description The TARGET in `PROFILE@ISSUER`. */
                name: string;
                terms: Record<string, unknown>;
                /**
                 * Format: date-time
                 * @description Since then it issues nothing.
                 */
                withdrawn_at?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_IssuerProfile: {
            items: {
                /** Format: int32 */
                max_minutes: number;
                /** @description The LOGIN in `PROFILE@ISSUER`. */
                name: string;
                /** @description With `kind`: `x509`, `jwt` or `ssh`. */
                rules: Record<string, unknown>;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Lease: {
            items: {
                cause?: components["schemas"]["LeaseCause"] | null;
                /** Format: date-time */
                ended_at?: string | null;
                /** Format: date-time */
                ends_at: string;
                /**
                 * Format: date-time
                 * @description When it was seen not to be there any more.
                 */
                gone_at?: string | null;
                grant: string;
                holder: components["schemas"]["Person"];
                id: string;
                /** @description Such as `database_user`. */
                kind: string;
                /**
                 * Format: date-time
                 * @description No renewal goes beyond this.
                 */
                latest_end_at: string;
                /** @description What it is called at the service. */
                name: string;
                /** Format: date-time */
                ordered_at: string;
                profile: string;
                service: string;
                state: components["schemas"]["LeaseState"];
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Leaver: {
            items: {
                /** Format: date-time */
                account_disabled_at?: string | null;
                /** Format: date-time */
                closed_at?: string | null;
                /**
                 * Format: date-time
                 * @description When the news reached Tenure.
                 */
                event_at: string;
                id: string;
                identity: components["schemas"]["Person"];
                /** @description The import that said so. */
                import?: string | null;
                /**
                 * Format: int32
                 * @description How often something was found that had to go after all.
                 */
                reopened: number;
                seconds: components["schemas"]["LeaverSeconds"];
                /**
                 * @description What the case waits for: `await_sessions_ended`, `await_privilege_gone`, `await_accounts_disabled` or
                 *     `await_ownership`; else `done`, or `cancelled` when the person came back.
                 */
                step: string;
                /**
                 * Format: int64
                 * @description Grants that were withdrawn.
                 */
                withdrawn: number;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Lint: {
            items: {
                /** @description What is wrong and what to do. */
                detail: string;
                /** @description A word in snake_case. */
                rule: string;
                /** @description A name or an id. */
                subject: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Machine: {
            items: {
                /**
                 * Format: date-time
                 * @description When it ends unless somebody takes it over; `null` unless it is unowned.
                 */
                deadline?: string | null;
                /** Format: date-time */
                ended_at?: string | null;
                /** @description `person`, `term_over`, `no_owner` or `source`. */
                ended_because?: string | null;
                /** Format: date-time */
                ends_at: string;
                /** @description `production`, `staging`, `test` or `development`. */
                environment: string;
                id: string;
                name: string;
                /** @description While it is unowned or ended, whoever owned it last. */
                owner: components["schemas"]["Person"];
                purpose: string;
                /** Format: date-time */
                registered_at: string;
                /** @description `active`, `unowned` or `ended`. */
                state: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_ManagedAccount: {
            items: {
                /** @description `itself` or `administrator`. */
                change_as: string;
                /** Format: date-time */
                changed_at?: string | null;
                /** @description `password`, `ssh_key`, `api_key` or `certificate`. */
                credential: string;
                /**
                 * Format: int32
                 * @description The version that logs in, as far as is known.
                 */
                current?: number | null;
                /** @description `retry`, or `roll_back`: what happens when files that hold the password cannot be updated after a change. */
                dependents_behind: string;
                dual_control: boolean;
                /** @description Whether one person at a time has it in hand. */
                exclusive: boolean;
                /** Format: int64 */
                grace_seconds: number;
                id: string;
                /** @description `person`, `shared` or `service`. */
                kind: string;
                login: string;
                /** Format: date-time */
                managed_at: string;
                /** Format: int64 */
                max_checkout_seconds?: number | null;
                one_time: boolean;
                owner: components["schemas"]["Person"];
                pair?: components["schemas"]["Pair"] | null;
                policy: string;
                purpose: string;
                /** @description `automatic` or `ask`. */
                reconcile: string;
                reconcile_by?: string | null;
                /** Format: date-time */
                rotate_at?: string | null;
                /** Format: int64 */
                rotate_every_seconds?: number | null;
                rotate_on_leak: boolean;
                state: components["schemas"]["AccountState"];
                /** @description The target or service that it is on. */
                target: string;
                /** Format: date-time */
                unmanaged_at?: string | null;
                /** @description Whether Tenure can log in with it, and so verify and rotate it by itself. */
                verifiable: boolean;
                /** Format: date-time */
                verified_at?: string | null;
                /** Format: date-time */
                verify_at?: string | null;
                /** Format: int64 */
                verify_every_seconds?: number | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Mapping: {
            items: {
                /** @description Templates by attribute: what is set. */
                attributes: Record<string, unknown>;
                /** @description Attributes that nobody sets there but its administrators, so that they prove whose an account is. */
                authoritative: string[];
                /** @description Templates by attribute: what is compared, told, and never set. */
                compares: Record<string, unknown>;
                /** @description Whether accounts are made there. */
                creates: boolean;
                /**
                 * Format: int32
                 * @description `null` where accounts of people who have left stay, disabled.
                 */
                delete_after_days?: number | null;
                /** @description `revert`, `accept` or `ask`: what becomes of what is changed by hand. */
                drift: string;
                /** @description Such as `{given_name:1}{family_name}`. */
                login: string;
                /** @description Whether an account gets another login when its owner's name changes. */
                renames: boolean;
                system: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_MatchCase: {
            items: {
                /** @description The account that is asked about, where it is one of a system, which stands as `source` then. */
                account?: string | null;
                /** @description The likeliest first. */
                candidates: components["schemas"]["MatchCandidate"][];
                /** Format: date-time */
                decided_at?: string | null;
                decided_by?: components["schemas"]["Person"] | null;
                id: string;
                identity?: components["schemas"]["Person"] | null;
                /** @description What the source calls the person; of an account its login. */
                key: string;
                /** Format: date-time */
                opened_at: string;
                source: string;
                /** @description `open`, `decided` or `moot`. */
                state: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Mover: {
            items: {
                /** Format: date-time */
                begun_at: string;
                /** @description What ended at once. */
                ended: components["schemas"]["MoverEntitlement"][];
                /** @description Roles that the person has since. */
                gained: string[];
                /**
                 * Format: date-time
                 * @description What is kept ends then.
                 */
                grace_until: string;
                id: string;
                identity: components["schemas"]["Person"];
                kept: components["schemas"]["MoverEntitlement"][];
                /** @description Roles that they had before. */
                lost: string[];
                /**
                 * Format: date-time
                 * @description When nothing was kept any more.
                 */
                settled_at?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_ObservedAccount: {
            items: {
                /** Format: date-time */
                decided_at?: string | null;
                decided_by?: components["schemas"]["Person"] | null;
                /** Format: date-time */
                from: string;
                id: string;
                identity?: components["schemas"]["Person"] | null;
                /** Format: date-time */
                last_used_at?: string | null;
                /** @description What the link follows from: the tests that were passed, or who said so. */
                linked_by?: string | null;
                login: string;
                /** @description What the system calls it, for as long as it is there. */
                native_id: string;
                owner?: components["schemas"]["Person"] | null;
                /** @description Entitlements that it has directly and that give power, by name. */
                power_by: string[];
                /** @description Why it has power by itself, beside its memberships. */
                privileged: string[];
                /** @description `built_in` where the system calls it its own, `declared` where a person protected it. */
                protection?: string | null;
                /** @description `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`. */
                state: string;
                /** @description `enabled` or `disabled`. */
                status: string;
                system: string;
                /** Format: date-time */
                until?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_ObservedEntitlement: {
            items: {
                /** Format: date-time */
                from: string;
                id: string;
                /** @description `group`, `role`, `database_grant`, `sudo_rule`, `ssh_key` or `other`. */
                kind: string;
                name: string;
                /** @description What the system calls it, for as long as it is there. */
                native_id: string;
                owner?: components["schemas"]["Person"] | null;
                /** @description Why it gives power, where it does: what a person said counts before what the system says. */
                privileged?: string | null;
                /** @description `low`, `medium`, `high` or `critical`, where somebody said so. */
                risk?: string | null;
                /** @description By which it can be asked for and given, as `SLUG@SYSTEM`. */
                slug: string;
                system: string;
                /** Format: date-time */
                until?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Ownership: {
            items: {
                because?: string | null;
                /** @description The leaver case in which it came up. */
                case: string;
                /**
                 * Format: date-time
                 * @description When it ends, unless somebody takes it over.
                 */
                deadline?: string | null;
                decided_by?: components["schemas"]["Person"] | null;
                /** Format: date-time */
                found_at: string;
                id: string;
                /** @description `machine`, `system`, `entitlement`, `source`, `account` under management, `secret` or `shared_account`. */
                kind: string;
                name: string;
                /** @description Who left. */
                owner: components["schemas"]["Person"];
                /** Format: date-time */
                settled_at?: string | null;
                /** @description `unowned`, `handed_over`, `dies_at` or `gone`. */
                state: string;
                /** @description Its id, or its name where it has none. */
                subject: string;
                successor?: components["schemas"]["Person"] | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_PeopleSource: {
            items: {
                description: string;
                /** @description `csv`, `scim`, `ldap`, `active_directory` or `sql`. */
                kind: string;
                /**
                 * Format: date-time
                 * @description Of when that feed was true, where it said.
                 */
                last_as_of?: string | null;
                /**
                 * Format: date-time
                 * @description When its last whole feed was taken.
                 */
                last_whole_at?: string | null;
                name: string;
                owner?: components["schemas"]["Person"] | null;
                refused?: components["schemas"]["RefusedFeed"] | null;
                settings: Record<string, unknown>;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_PlanStep: {
            items: {
                account?: string | null;
                /** @description `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
                act: string;
                /** @description What is set. */
                attributes: Record<string, unknown>;
                /** @description The assignment or the drift that it follows from. */
                because?: string | null;
                /** @description `plan`, `leaver` or `drift`. */
                cause: string;
                entitlement?: string | null;
                /** @description What its system calls the entitlement. */
                entitlement_name?: string | null;
                identity: components["schemas"]["Person"];
                /** @description Of the account, also of one that is not there yet. */
                login?: string | null;
                /** Format: int64 */
                position: number;
                privileged: boolean;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_RawEntry: {
            items: {
                /** @description The bytes that are hashed, as text. */
                entry: string;
                /** Format: int64 */
                seq: number;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_ReconciliationPlan: {
            items: {
                /** Format: date-time */
                computed_at: string;
                confirmed_by?: components["schemas"]["Person"] | null;
                counts: components["schemas"]["PlanCounts"];
                /** @description Why it waits for a person; empty unless it is held. */
                held_because: string[];
                id: string;
                /** Format: int64 */
                lines: number;
                /**
                 * Format: int64
                 * @description Steps that wait for a later plan, because this one is as large as plans get.
                 */
                more: number;
                /** Format: date-time */
                released_at?: string | null;
                /** @description `held`, `released`, `settled` or `superseded`. */
                state: string;
                system: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Request: {
            items: {
                /** @description Who may decide, while it is pending. */
                approvers: components["schemas"]["ApproverLine"][];
                /** @description Who would hold the grant. */
                beneficiary: components["schemas"]["Person"];
                channels: string[];
                /** Format: date-time */
                decided_at?: string | null;
                decided_by?: components["schemas"]["Person"] | null;
                decision_reason?: string | null;
                grant?: string | null;
                id: string;
                login: string;
                /** Format: int32 */
                minutes: number;
                reason: string;
                requester: components["schemas"]["Person"];
                /** @description The role that makes the beneficiary eligible. */
                role: string;
                /** @description `pending`, `approved`, `denied`, `cancelled` or `expired`. */
                state: string;
                /** Format: date-time */
                submitted_at: string;
                target: string;
                why_not?: string | null;
                you_may_decide: boolean;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Role: {
            items: {
                /** @description In Cedar; must hold beside `when`. */
                condition?: string | null;
                /** @description Roles that nobody may have beside this one. */
                conflicts_with: string[];
                description: string;
                /** @description `{system, entitlement}`: what everybody has who has this role. */
                grants: Record<string, unknown>[];
                /** @description Roles that everybody has who has this one. */
                includes: string[];
                makes_eligible: Record<string, unknown>[];
                name: string;
                when: Record<string, unknown>[];
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Rotation: {
            items: {
                /** @description The account that is changed. */
                account: string;
                /** @description The account that was named: of a pair, the one that is not handed out is changed. */
                asked_for: string;
                /** Format: int32 */
                attempts: number;
                cause: components["schemas"]["RotationCause"];
                /**
                 * Format: int32
                 * @description The version that the target has already, while files that hold the password are being updated.
                 */
                changed_to?: number | null;
                /** Format: date-time */
                ended_at?: string | null;
                id: string;
                /** @description Why the last run did not end it. */
                last_error?: string | null;
                login: string;
                /** Format: date-time */
                ordered_at: string;
                /** Format: date-time */
                retry_at?: string | null;
                state: components["schemas"]["RotationState"];
                target: string;
                /**
                 * Format: int32
                 * @description The version that logs in since its end.
                 */
                version?: number | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Scan: {
            items: {
                /** Format: date-time */
                begun_at: string;
                begun_by: components["schemas"]["Person"];
                /**
                 * Format: int64
                 * @description Compared so far.
                 */
                digests: number;
                /** Format: date-time */
                ended_at?: string | null;
                /**
                 * Format: date-time
                 * @description From then on it answers nothing.
                 */
                expires_at: string;
                id: string;
                /**
                 * Format: int64
                 * @description Values that were found.
                 */
                matched: number;
                /** @description `git`, `folder` or `recordings`. */
                what: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_SecretLine: {
            items: {
                /** @description Ends in `/` where more lies below. */
                name: string;
                owner?: components["schemas"]["Person"] | null;
                purpose?: string | null;
                /** Format: date-time */
                updated_at?: string | null;
                /** Format: int32 */
                version?: number | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Service: {
            items: {
                /** @description `host:port`; of a `csv` service its folder. */
                address: string;
                admin_login: string;
                base_dn?: string | null;
                database?: string | null;
                description: string;
                /** @description `postgres`, `mariadb`, `openldap`, `active_directory`, `scim`, `http_api`, `csv` or `manual`. */
                kind: string;
                name: string;
                /** @description `required`, or `loopback_plain` for a server on the same machine. */
                tls: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_ServiceBacklog: {
            items: {
                /**
                 * Format: int32
                 * @description Attempts that failed in a row.
                 */
                attempts: number;
                /** Format: int64 */
                count: number;
                last_error?: string | null;
                /**
                 * Format: date-time
                 * @description `null` while it is being tried.
                 */
                next_try?: string | null;
                /**
                 * Format: date-time
                 * @description When the oldest of them ended.
                 */
                oldest: string;
                service: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Session: {
            items: {
                /** Format: int64 */
                bytes_in: number;
                /** Format: int64 */
                bytes_out: number;
                /** @description `shell`, `exec`, `sftp`, … */
                channel: string;
                /** @description Address that the person came from. */
                client: string;
                /** @description `null` also for whoever may not replay the session. */
                command?: string | null;
                credential?: components["schemas"]["Credential"] | null;
                /** @description What the person was told. */
                end_line?: string | null;
                end_reason?: string | null;
                /** Format: date-time */
                ended_at?: string | null;
                /** Format: int32 */
                exit_status?: number | null;
                grant: string;
                holder: components["schemas"]["Person"];
                id: string;
                /**
                 * Format: int32
                 * @description Processes still alive on the target after the last look.
                 */
                leftover_processes?: number | null;
                login: string;
                recording?: components["schemas"]["Recording"] | null;
                /** Format: date-time */
                started_at: string;
                /** @description `live` or `ended`. */
                state: string;
                target: string;
                vaulted?: components["schemas"]["Vaulted"] | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Simulation: {
            items: {
                /** Format: date-time */
                applied_at?: string | null;
                applied_by?: components["schemas"]["Person"] | null;
                /**
                 * Format: int64
                 * @description Attributes of people and of their accounts, and terms, that become something else.
                 */
                changed: number;
                /** @description What would be declared otherwise, such as `change Role sre`. */
                changes: string[];
                /** Format: date-time */
                computed_at: string;
                computed_by?: components["schemas"]["Person"] | null;
                /**
                 * Format: int64
                 * @description People who would hold two roles that nobody may have at once, and do not now.
                 */
                conflicts: number;
                gained: components["schemas"]["SimulationTally"];
                id: string;
                /**
                 * Format: int64
                 * @description People who were looked at: everybody.
                 */
                looked_at: number;
                lost: components["schemas"]["SimulationTally"];
                /**
                 * Format: int64
                 * @description People of whom something would change.
                 */
                people: number;
                /** @description `computed` or `applied`. */
                state: string;
                /** @description Systems that are mapped and were never read to their end: nothing is said of accounts there. */
                unread: string[];
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_SimulationLine: {
            items: {
                /** @description What they would lose stands first. */
                effects: components["schemas"]["SimulationEffect"][];
                identity: components["schemas"]["Person"];
                /** Format: int64 */
                position: number;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_SourceReading: {
            items: {
                /** Format: date-time */
                asked_at: string;
                /** @description Such as `feed_half_loaded` or `host_unreachable`; `null` unless it was refused. */
                code?: string | null;
                detail?: string | null;
                id: string;
                /** @description The import that it became, where it became one. */
                import?: string | null;
                /**
                 * Format: int64
                 * @description Pages that came so far.
                 */
                pages: number;
                /**
                 * Format: int64
                 * @description Records that came so far.
                 */
                records: number;
                source: string;
                /** @description `asked`, `reading`, `ended` and `broken`, which wait to be taken, `applied`, `held`, `unchanged` or `refused`. */
                state: string;
                /** @description Whether it reads everything, or only what changed. */
                whole: boolean;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_SshKey: {
            items: {
                fingerprint: string;
                id: string;
                name: string;
                /** Format: date-time */
                registered_at: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_StandingPrivilege: {
            items: {
                account: string;
                /** @description `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`. */
                account_state: string;
                /** @description The direct membership by which it is had. */
                entitlement?: string | null;
                entitlement_name?: string | null;
                holder?: components["schemas"]["Person"] | null;
                /** @description `ACCOUNT/ENTITLEMENT`, by which it is converted; the account alone where it has the power by itself. */
                id: string;
                /** Format: date-time */
                last_used_at?: string | null;
                login: string;
                owner?: components["schemas"]["Person"] | null;
                powers: components["schemas"]["StandingPower"][];
                /** @description `low`, `medium`, `high` or `critical`. */
                risk: string;
                risk_because: string[];
                /** @description The roles by which it could be asked for. */
                roles: string[];
                /** @description Its name in `NAME@SYSTEM`. */
                slug?: string | null;
                system: string;
                /** @description Why it cannot be converted as it is; `null` where it can. */
                why_not?: string | null;
                /** @description The code of that. */
                why_not_code?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_StoryLine: {
            items: {
                actor: components["schemas"]["Person"];
                /** Format: date-time */
                at: string;
                facts: Record<string, unknown>;
                kind: string;
                personal: {
                    [key: string]: string;
                };
                /** Format: int64 */
                seq: number;
                /** @description The id of the noun that it changed: grant, request, session, … */
                thread: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_System: {
            items: {
                description: string;
                /** @description `production`, `staging`, `test` or `development`: machine identities of another one never get access. */
                environment?: string | null;
                logins: string[];
                /** @description What may be asked for any machine identity of the environment. */
                machine_logins: string[];
                name: string;
                /** @description Decides on requests for its logins. */
                owner: components["schemas"]["Person"];
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_SystemHealth: {
            items: {
                /** Format: int64 */
                accounts: number;
                /**
                 * Format: date-time
                 * @description When it was last read, to its end or for changes.
                 */
                changed_at?: string | null;
                /** Format: int64 */
                entitlements: number;
                /** @description `linux`, or the kind of the service. */
                kind: string;
                /** Format: int64 */
                memberships: number;
                missing?: components["schemas"]["Missing"] | null;
                /** @description What is missing counts as gone with the next whole reading that lacks no more. */
                missing_is_accepted: boolean;
                owner?: components["schemas"]["Person"] | null;
                /** @description `never_read`, `healthy`, `in_trouble`, or `by_hand` where nothing but a person reaches it. */
                state: string;
                system: string;
                trouble?: string | null;
                /** Format: date-time */
                trouble_since?: string | null;
                /**
                 * Format: date-time
                 * @description When it was last read to its end.
                 */
                whole_at?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_SystemOrder: {
            items: {
                account?: string | null;
                /** @description `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
                act: string;
                /** Format: int32 */
                attempts: number;
                /** @description Id of what it follows from. */
                because: string;
                /** @description `plan`, `leaver`, `mover`, `grant`, `drift`, `conversion` or `person`. */
                cause: string;
                entitlement?: string | null;
                /** @description What its system calls the entitlement. */
                entitlement_name?: string | null;
                id: string;
                identity?: components["schemas"]["Person"] | null;
                /** @description Of the account, also of one that was not there when it was ordered. */
                login?: string | null;
                /** Format: date-time */
                ordered_at: string;
                plan?: string | null;
                /**
                 * Format: int32
                 * @description The lowest is sent first.
                 */
                rank: number;
                /**
                 * Format: int32
                 * @description How often what it had taken away came back.
                 */
                reopened: number;
                /** Format: date-time */
                sent_at?: string | null;
                /**
                 * @description `queued`, `ordered`, `sending`, `unknown`, `waiting`, `waiting_for_person`, `done`, `observed`, `gone`, `refused`,
                 *     `conflict` or `superseded`.
                 */
                state: string;
                system: string;
                /** @description Why it is not done. */
                trouble?: string | null;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Target: {
            items: {
                description: string;
                discovery_login: string;
                fingerprint: string;
                host: string;
                /** @description The only host key that is accepted from it. */
                host_key: string;
                name: string;
                /** Format: int32 */
                port: number;
                /** @description Whether its sshd reads the KRL, so that an ended certificate is refused at once. */
                reads_krl: boolean;
                /** @description By what people are logged in: `certificate`, or `vaulted` for the password or key that the vault keeps. */
                sign_in: string;
                /** @description Sudo rules that can be given there, by the names that they are given by. */
                sudo: Record<string, unknown>;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Ticket: {
            items: {
                /** @description `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
                act: string;
                /** Format: date-time */
                closed_at?: string | null;
                done_by?: components["schemas"]["Person"] | null;
                /** @description What is to be granted or revoked. */
                entitlement?: string | null;
                id: string;
                identity?: components["schemas"]["Person"] | null;
                /** @description The account on the system. */
                login?: string | null;
                /** Format: date-time */
                opened_at: string;
                /** @description The order that is to be carried out. */
                order: string;
                /** Format: date-time */
                remind_at: string;
                /** Format: int32 */
                reminders: number;
                stand_in?: components["schemas"]["Person"] | null;
                /** @description `open`, `done`, or `moot` when nobody wants it any more. */
                state: string;
                system: string;
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Token: {
            items: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at: string;
                id: string;
                name: string;
                scopes: string[];
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        /** @description The other account of a pair, and which of the two is handed out. */
        Pair: {
            /** Format: date-time */
            flipped_at?: string | null;
            handed_out: boolean;
            other: string;
        };
        /** @description A source of people, and how it has been lately. */
        PeopleSource: {
            description: string;
            /** @description `csv`, `scim`, `ldap`, `active_directory` or `sql`. */
            kind: string;
            /**
             * Format: date-time
             * @description Of when that feed was true, where it said.
             */
            last_as_of?: string | null;
            /**
             * Format: date-time
             * @description When its last whole feed was taken.
             */
            last_whole_at?: string | null;
            name: string;
            owner?: components["schemas"]["Person"] | null;
            refused?: components["schemas"]["RefusedFeed"] | null;
            settings: Record<string, unknown>;
        };
        PeopleSources: {
            /** @description Needed when one would let more through than before. */
            reason?: string | null;
            source: Record<string, unknown>[];
        };
        Person: {
            id: string;
            /** @description `machine` for a machine identity, left out for everybody else. */
            kind?: string | null;
            name: string;
        };
        Places: {
            /** @description At most 200; none when nothing was found. */
            matches: components["schemas"]["PlacesOfOne"][];
        };
        PlacesOfOne: {
            digest: string;
            /**
             * Format: int64
             * @description Places that are not named.
             */
            more?: number;
            /** @description 1 to 20, each one line of at most 500 bytes. Never the value itself. */
            places: string[];
        };
        PlanAsked: {
            system: string;
        };
        PlanConfirmation: {
            reason: string;
        };
        /** @description Steps by what they do. */
        PlanCounts: {
            /** Format: int64 */
            change: number;
            /** Format: int64 */
            create: number;
            /** Format: int64 */
            delete: number;
            /** Format: int64 */
            disable: number;
            /** Format: int64 */
            enable: number;
            /** Format: int64 */
            grant: number;
            /**
             * Format: int64
             * @description Of the grants, those that give power.
             */
            privileged: number;
            /** Format: int64 */
            revoke: number;
        };
        /** @description What came of computing a plan. */
        PlanOutcome: {
            /** @description Why it is held. */
            held_because: string[];
            /** @description `released`, `held` or `nothing`: there is nothing to do that is not done or held already. */
            outcome: string;
            plan?: string | null;
        };
        /** @description One step of a plan. */
        PlanStep: {
            account?: string | null;
            /** @description `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
            act: string;
            /** @description What is set. */
            attributes: Record<string, unknown>;
            /** @description The assignment or the drift that it follows from. */
            because?: string | null;
            /** @description `plan`, `leaver` or `drift`. */
            cause: string;
            entitlement?: string | null;
            /** @description What its system calls the entitlement. */
            entitlement_name?: string | null;
            identity: components["schemas"]["Person"];
            /** @description Of the account, also of one that is not there yet. */
            login?: string | null;
            /** Format: int64 */
            position: number;
            privileged: boolean;
        };
        Policies: {
            policy: Record<string, unknown>[];
        };
        /** @description The body of every answer that is not a success. */
        Problem: {
            /** @description Stable word in snake_case for programs. */
            code: string;
            /** @description One line for people, that says what to do next. */
            detail: string;
            /** Format: int32 */
            status: number;
            title: string;
            /** @description Always `about:blank`; `code` tells problems apart. */
            type: string;
        };
        Profile: {
            department?: string | null;
            email?: string | null;
            id: string;
            job_title?: string | null;
            manager?: components["schemas"]["Person"] | null;
            name: string;
        };
        Profiles: {
            profile: Record<string, unknown>[];
        };
        RawEntry: {
            /** @description The bytes that are hashed, as text. */
            entry: string;
            /** Format: int64 */
            seq: number;
        };
        /**
         * @description What somebody else than the server reads.
         * @enum {string}
         */
        Reads: "git" | "folder";
        ReconciliationPlan: {
            /** Format: date-time */
            computed_at: string;
            confirmed_by?: components["schemas"]["Person"] | null;
            counts: components["schemas"]["PlanCounts"];
            /** @description Why it waits for a person; empty unless it is held. */
            held_because: string[];
            id: string;
            /** Format: int64 */
            lines: number;
            /**
             * Format: int64
             * @description Steps that wait for a later plan, because this one is as large as plans get.
             */
            more: number;
            /** Format: date-time */
            released_at?: string | null;
            /** @description `held`, `released`, `settled` or `superseded`. */
            state: string;
            system: string;
        };
        Recording: {
            /** Format: int64 */
            bytes: number;
            damage?: string | null;
            sealed: boolean;
            /** @description Of the plain asciicast, hex. */
            sha256?: string | null;
        };
        RecordingsScan: {
            found: components["schemas"]["FoundMatch"][];
            id: string;
            /** Format: int64 */
            recordings: number;
            /**
             * Format: int64
             * @description Those of other servers, and those that are broken.
             */
            unreadable: number;
        };
        /** @description What the sources say of somebody: the value that counts for each attribute, and the records themselves. */
        RecordsOfPerson: {
            records: components["schemas"]["SourceRecord"][];
            values: components["schemas"]["StatedValue"][];
        };
        RefusedFeed: {
            /** Format: date-time */
            at: string;
            /** @description Such as `feed_truncated`, `feed_doubled`, `feed_stale` or `feed_half_loaded`. */
            code: string;
            detail: string;
        };
        Rekeyed: {
            /**
             * Format: int32
             * @description Of the new data key.
             */
            version: number;
        };
        Renewal: {
            /**
             * Format: int32
             * @description From now on; as long as it may, when left out.
             */
            minutes?: number | null;
        };
        Request: {
            /** @description Who may decide, while it is pending. */
            approvers: components["schemas"]["ApproverLine"][];
            /** @description Who would hold the grant. */
            beneficiary: components["schemas"]["Person"];
            channels: string[];
            /** Format: date-time */
            decided_at?: string | null;
            decided_by?: components["schemas"]["Person"] | null;
            decision_reason?: string | null;
            grant?: string | null;
            id: string;
            login: string;
            /** Format: int32 */
            minutes: number;
            reason: string;
            requester: components["schemas"]["Person"];
            /** @description The role that makes the beneficiary eligible. */
            role: string;
            /** @description `pending`, `approved`, `denied`, `cancelled` or `expired`. */
            state: string;
            /** Format: date-time */
            submitted_at: string;
            target: string;
            why_not?: string | null;
            you_may_decide: boolean;
        };
        Resealing: {
            /** Format: int32 */
            data_key: number;
            /** Format: int64 */
            done: number;
            finished: boolean;
            /** @description Whether older data keys still exist. */
            older_keys: boolean;
            /** Format: int64 */
            total: number;
        };
        Resumption: {
            reason: string;
        };
        RevokedLeases: {
            /**
             * Format: int64
             * @description How many were live and are being removed now.
             */
            revoked: number;
        };
        RevokedToken: {
            /** Format: date-time */
            expires_at: string;
            jti: string;
        };
        RevokedTokens: {
            items: components["schemas"]["RevokedToken"][];
        };
        Role: {
            /** @description In Cedar; must hold beside `when`. */
            condition?: string | null;
            /** @description Roles that nobody may have beside this one. */
            conflicts_with: string[];
            description: string;
            /** @description `{system, entitlement}`: what everybody has who has this role. */
            grants: Record<string, unknown>[];
            /** @description Roles that everybody has who has this one. */
            includes: string[];
            makes_eligible: Record<string, unknown>[];
            name: string;
            when: Record<string, unknown>[];
        };
        Roles: {
            role: Record<string, unknown>[];
        };
        RootRotated: {
            /** Format: int32 */
            generation: number;
        };
        Rotation: {
            /** @description The account that is changed. */
            account: string;
            /** @description The account that was named: of a pair, the one that is not handed out is changed. */
            asked_for: string;
            /** Format: int32 */
            attempts: number;
            cause: components["schemas"]["RotationCause"];
            /**
             * Format: int32
             * @description The version that the target has already, while files that hold the password are being updated.
             */
            changed_to?: number | null;
            /** Format: date-time */
            ended_at?: string | null;
            id: string;
            /** @description Why the last run did not end it. */
            last_error?: string | null;
            login: string;
            /** Format: date-time */
            ordered_at: string;
            /** Format: date-time */
            retry_at?: string | null;
            state: components["schemas"]["RotationState"];
            target: string;
            /**
             * Format: int32
             * @description The version that logs in since its end.
             */
            version?: number | null;
        };
        /**
         * @description Why a credential is changed.
         * @enum {string}
         */
        RotationCause: "person" | "schedule" | "checked_in" | "overdue" | "forced" | "grant_ended" | "leaver" | "leak" | "drift" | "reconcile" | "import" | "dependents";
        /**
         * @description `rolled_back`: files that hold it could not be updated, so the old one was set again. `lost`: none of those kept
         *     logs in, so a person must reconcile the account.
         * @enum {string}
         */
        RotationState: "open" | "settled" | "rolled_back" | "lost" | "unmanaged";
        Scan: {
            /** Format: date-time */
            begun_at: string;
            begun_by: components["schemas"]["Person"];
            /**
             * Format: int64
             * @description Compared so far.
             */
            digests: number;
            /** Format: date-time */
            ended_at?: string | null;
            /**
             * Format: date-time
             * @description From then on it answers nothing.
             */
            expires_at: string;
            id: string;
            /**
             * Format: int64
             * @description Values that were found.
             */
            matched: number;
            /** @description `git`, `folder` or `recordings`. */
            what: string;
        };
        /** @description Who pushes to a source by SCIM, and where. */
        ScimClient: {
            /** @description `strict`, `entra` or `okta`: how the client departs from the RFCs. */
            client: string;
            /** @description The id of the machine identity or person, besides administrators. */
            pushed_by?: string | null;
            source: string;
            /** @description What a client is told as the address of the service. */
            url: string;
        };
        /** @description How a source is pushed to by SCIM. */
        ScimClientDeclaration: {
            /** @description `strict`, `entra` or `okta`. */
            client: string;
            /** @description The name of a machine identity, or the mail address of a person. */
            pushed_by?: string | null;
        };
        /** @description Whether the seal is open, and what is missing while it is not. */
        SealStatus: {
            /** @description One line for people: why it is sealed, and what to do. */
            because?: string | null;
            /**
             * Format: int32
             * @description Of the data key that seals now; 0 while sealed.
             */
            data_key: number;
            /** @description `file`, `passphrase`, `shamir`, `transit` or `pkcs11`. */
            kind: string;
            /** @description Names that attempt, so that shares of two attempts are not mixed. */
            nonce?: string | null;
            /**
             * Format: int32
             * @description Shares given in the attempt that is under way.
             */
            progress: number;
            resealing?: components["schemas"]["Resealing"] | null;
            /**
             * Format: int32
             * @description Of the root key: 1 is the first.
             */
            root_generation: number;
            sealed: boolean;
            /**
             * Format: int32
             * @description Shares that there are.
             */
            shares?: number | null;
            /**
             * Format: int32
             * @description Shares that open it; only of the kind `shamir`.
             */
            threshold?: number | null;
        };
        SecretLine: {
            /** @description Ends in `/` where more lies below. */
            name: string;
            owner?: components["schemas"]["Person"] | null;
            purpose?: string | null;
            /** Format: date-time */
            updated_at?: string | null;
            /** Format: int32 */
            version?: number | null;
        };
        SecretMetadata: {
            /** @description Whether each write must say which version it follows. */
            cas_required: boolean;
            /** Format: date-time */
            created_at: string;
            custom: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Versions written from now on count as deleted after so many seconds.
             */
            delete_after_seconds?: number | null;
            id: string;
            /**
             * Format: int32
             * @description With each write, older versions than so many are destroyed.
             */
            max_versions: number;
            name: string;
            /** @description Who answers for it. */
            owner: components["schemas"]["Person"];
            purpose: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: int32 */
            version: number;
            /** @description The newest 100. */
            versions: components["schemas"]["SecretVersion"][];
        };
        SecretValue: {
            /** Format: date-time */
            created_at: string;
            /** @description Keys with texts, whole numbers, truth values or nulls. */
            data: Record<string, unknown>;
            name: string;
            /** Format: int32 */
            version: number;
        };
        SecretVersion: {
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["Person"];
            /**
             * Format: date-time
             * @description For a live one, when it will be.
             */
            deleted_at?: string | null;
            /** Format: date-time */
            destroyed_at?: string | null;
            /** @description `live`, `deleted` or `destroyed`. */
            state: string;
            /** Format: int32 */
            version: number;
        };
        Service: {
            /** @description `host:port`; of a `csv` service its folder. */
            address: string;
            admin_login: string;
            base_dn?: string | null;
            database?: string | null;
            description: string;
            /** @description `postgres`, `mariadb`, `openldap`, `active_directory`, `scim`, `http_api`, `csv` or `manual`. */
            kind: string;
            name: string;
            /** @description `required`, or `loopback_plain` for a server on the same machine. */
            tls: string;
        };
        /** @description What of a service waits to be removed. */
        ServiceBacklog: {
            /**
             * Format: int32
             * @description Attempts that failed in a row.
             */
            attempts: number;
            /** Format: int64 */
            count: number;
            last_error?: string | null;
            /**
             * Format: date-time
             * @description `null` while it is being tried.
             */
            next_try?: string | null;
            /**
             * Format: date-time
             * @description When the oldest of them ended.
             */
            oldest: string;
            service: string;
        };
        Services: {
            service: Record<string, unknown>[];
        };
        Session: {
            /** Format: int64 */
            bytes_in: number;
            /** Format: int64 */
            bytes_out: number;
            /** @description `shell`, `exec`, `sftp`, … */
            channel: string;
            /** @description Address that the person came from. */
            client: string;
            /** @description `null` also for whoever may not replay the session. */
            command?: string | null;
            credential?: components["schemas"]["Credential"] | null;
            /** @description What the person was told. */
            end_line?: string | null;
            end_reason?: string | null;
            /** Format: date-time */
            ended_at?: string | null;
            /** Format: int32 */
            exit_status?: number | null;
            grant: string;
            holder: components["schemas"]["Person"];
            id: string;
            /**
             * Format: int32
             * @description Processes still alive on the target after the last look.
             */
            leftover_processes?: number | null;
            login: string;
            recording?: components["schemas"]["Recording"] | null;
            /** Format: date-time */
            started_at: string;
            /** @description `live` or `ended`. */
            state: string;
            target: string;
            vaulted?: components["schemas"]["Vaulted"] | null;
        };
        /** @description What is not named stays, and `null` takes a schedule or limit away. */
        Settings: {
            /** @description `itself` or `administrator`. */
            change_as?: string | null;
            /** @description `retry` or `roll_back`: what to do when files that hold the credential cannot be updated. */
            dependents_behind?: string | null;
            dual_control?: boolean | null;
            exclusive?: boolean | null;
            /** Format: int64 */
            grace_seconds?: number | null;
            /** @description `person`, `shared` or `service`. */
            kind?: string | null;
            /** Format: int64 */
            max_checkout_seconds?: number | null;
            one_time?: boolean | null;
            /** @description Mail address or id of somebody who works here. */
            owner?: string | null;
            /** @description The name of a password policy. */
            policy?: string | null;
            purpose?: string | null;
            /** @description `automatic` or `ask`. */
            reconcile?: string | null;
            /** @description Another account of the same service. */
            reconcile_by?: string | null;
            /** Format: int64 */
            rotate_every_seconds?: number | null;
            rotate_on_leak?: boolean | null;
            /** Format: int64 */
            verify_every_seconds?: number | null;
        };
        SetupLink: {
            /** @description Give it to the person over a channel you trust. Works once, for 72 hours. */
            link: string;
        };
        Signed: {
            /** @description In PEM, with those above it behind it. */
            certificate: string;
        };
        SignedCheckpoint: {
            /** @description C2SP verifier key. */
            key: string;
            /** @description C2SP tlog-checkpoint. */
            note: string;
            /** @description Hex. */
            root: string;
            /** Format: int64 */
            size: number;
        };
        Simulation: {
            /** Format: date-time */
            applied_at?: string | null;
            applied_by?: components["schemas"]["Person"] | null;
            /**
             * Format: int64
             * @description Attributes of people and of their accounts, and terms, that become something else.
             */
            changed: number;
            /** @description What would be declared otherwise, such as `change Role sre`. */
            changes: string[];
            /** Format: date-time */
            computed_at: string;
            computed_by?: components["schemas"]["Person"] | null;
            /**
             * Format: int64
             * @description People who would hold two roles that nobody may have at once, and do not now.
             */
            conflicts: number;
            gained: components["schemas"]["SimulationTally"];
            id: string;
            /**
             * Format: int64
             * @description People who were looked at: everybody.
             */
            looked_at: number;
            lost: components["schemas"]["SimulationTally"];
            /**
             * Format: int64
             * @description People of whom something would change.
             */
            people: number;
            /** @description `computed` or `applied`. */
            state: string;
            /** @description Systems that are mapped and were never read to their end: nothing is said of accounts there. */
            unread: string[];
        };
        SimulationEffect: {
            /** @description `loses`, `changes` or `gains`. */
            act: string;
            after?: string | null;
            /** @description Of a loss what it was held by. */
            because: string;
            before?: string | null;
            /** @description `record`, `role`, `conflict`, `eligibility`, `entitlement` or `account`. */
            kind: string;
            /** @description Of the role, the entitlement, the login or the attribute. */
            name: string;
            /** @description It gives or takes power. */
            privileged: boolean;
            /** @description Where, if it is on a system. */
            system?: string | null;
        };
        /** @description Everything that would change for one person. */
        SimulationLine: {
            /** @description What they would lose stands first. */
            effects: components["schemas"]["SimulationEffect"][];
            identity: components["schemas"]["Person"];
            /** Format: int64 */
            position: number;
        };
        SimulationOrder: {
            reason: string;
        };
        /** @description Effects of one act, by what they are about. */
        SimulationTally: {
            /** Format: int64 */
            accounts: number;
            /**
             * Format: int64
             * @description Logins that may be asked for.
             */
            eligibilities: number;
            /** Format: int64 */
            entitlements: number;
            /**
             * Format: int64
             * @description Of the entitlements, those that give power.
             */
            privileged: number;
            /** Format: int64 */
            roles: number;
        };
        /** @description A reading of a source, from the moment that it was asked for. */
        SourceReading: {
            /** Format: date-time */
            asked_at: string;
            /** @description Such as `feed_half_loaded` or `host_unreachable`; `null` unless it was refused. */
            code?: string | null;
            detail?: string | null;
            id: string;
            /** @description The import that it became, where it became one. */
            import?: string | null;
            /**
             * Format: int64
             * @description Pages that came so far.
             */
            pages: number;
            /**
             * Format: int64
             * @description Records that came so far.
             */
            records: number;
            source: string;
            /** @description `asked`, `reading`, `ended` and `broken`, which wait to be taken, `applied`, `held`, `unchanged` or `refused`. */
            state: string;
            /** @description Whether it reads everything, or only what changed. */
            whole: boolean;
        };
        /** @description What one source states of one person. */
        SourceRecord: {
            attributes: Record<string, unknown>;
            employment?: Record<string, unknown> | null;
            /**
             * Format: date-time
             * @description Since when it says so.
             */
            from: string;
            /**
             * Format: date-time
             * @description Since when the source does not name it any more.
             */
            gone_at?: string | null;
            /** @description What the source calls the person. */
            key: string;
            source: string;
        };
        SshCertificate: {
            /** @description One line for a `-cert.pub` file. */
            certificate: string;
            /** Format: date-time */
            expires_at: string;
            /** @description `host:port` of the SSH gateway. */
            gateway: string;
        };
        SshKey: {
            fingerprint: string;
            id: string;
            name: string;
            /** Format: date-time */
            registered_at: string;
        };
        /** @description Something that gives power, and the way to it. */
        StandingPower: {
            /** @description The entitlement; `null` for what the account has by itself. */
            name?: string | null;
            /** @description Names from the direct membership to it; one alone where it is direct. */
            path: string[];
            /** @description Which rule says so. */
            why: string;
        };
        /** @description A privilege that somebody has all the time. */
        StandingPrivilege: {
            account: string;
            /** @description `linked`, `orphaned`, `non_personal`, `unmatched` or `protected`. */
            account_state: string;
            /** @description The direct membership by which it is had. */
            entitlement?: string | null;
            entitlement_name?: string | null;
            holder?: components["schemas"]["Person"] | null;
            /** @description `ACCOUNT/ENTITLEMENT`, by which it is converted; the account alone where it has the power by itself. */
            id: string;
            /** Format: date-time */
            last_used_at?: string | null;
            login: string;
            owner?: components["schemas"]["Person"] | null;
            powers: components["schemas"]["StandingPower"][];
            /** @description `low`, `medium`, `high` or `critical`. */
            risk: string;
            risk_because: string[];
            /** @description The roles by which it could be asked for. */
            roles: string[];
            /** @description Its name in `NAME@SYSTEM`. */
            slug?: string | null;
            system: string;
            /** @description Why it cannot be converted as it is; `null` where it can. */
            why_not?: string | null;
            /** @description The code of that. */
            why_not_code?: string | null;
        };
        /** @description What a person ordered; it outranks what sources say. */
        StateOrder: {
            by: components["schemas"]["Person"];
            /** Format: date-time */
            from: string;
            /** @description `suspended`, `terminated_for_cause` or `leave`. */
            kind: string;
            /** Format: date-time */
            lifted_at?: string | null;
            lifted_by?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            ordered_at: string;
            reason: string;
            /** Format: date-time */
            until?: string | null;
        };
        /** @description A state that somebody is in, from one moment on. */
        StatePhase: {
            /** @description What belongs to the state: first day, cause, until when. */
            facts: Record<string, unknown>;
            /** Format: date-time */
            from: string;
            /** @description `pre_hire`, `active`, `leave`, `suspended`, `terminated` or `archived`. */
            state: string;
        };
        Stated: {
            /** @description `production`, `staging`, `test` or `development`; it stays while the machine holds access. */
            environment: string;
            purpose: string;
        };
        StatedValue: {
            attribute: string;
            /** @description The source that has the word for it. */
            source: string;
            /** @description A text, a list of texts, or `null` where the source says that there is none. */
            value?: Record<string, unknown> | null;
        };
        Story: {
            chapters: components["schemas"]["Chapter"][];
            checkpoint: components["schemas"]["StoryCheckpoint"];
            grant: components["schemas"]["Grant"];
        };
        /** @description The log that the story was read from. */
        StoryCheckpoint: {
            /** @description C2SP verifier key. */
            key: string;
            /** @description Hex. */
            root: string;
            /** Format: int64 */
            size: number;
        };
        StoryLine: {
            actor: components["schemas"]["Person"];
            /** Format: date-time */
            at: string;
            facts: Record<string, unknown>;
            kind: string;
            personal: {
                [key: string]: string;
            };
            /** Format: int64 */
            seq: number;
            /** @description The id of the noun that it changed: grant, request, session, … */
            thread: string;
        };
        Sweep: {
            /**
             * Format: int64
             * @description Credentials with the mark of this installation that are there.
             */
            found: number;
            /**
             * Format: int64
             * @description Of those, the ones that no lease explains.
             */
            orphans: number;
            /**
             * Format: int64
             * @description Of those, the ones that were seen gone afterwards.
             */
            removed: number;
        };
        SweepOrder: {
            service: string;
        };
        System: {
            description: string;
            /** @description `production`, `staging`, `test` or `development`: machine identities of another one never get access. */
            environment?: string | null;
            logins: string[];
            /** @description What may be asked for any machine identity of the environment. */
            machine_logins: string[];
            name: string;
            /** @description Decides on requests for its logins. */
            owner: components["schemas"]["Person"];
        };
        /** @description How well a system is known. */
        SystemHealth: {
            /** Format: int64 */
            accounts: number;
            /**
             * Format: date-time
             * @description When it was last read, to its end or for changes.
             */
            changed_at?: string | null;
            /** Format: int64 */
            entitlements: number;
            /** @description `linux`, or the kind of the service. */
            kind: string;
            /** Format: int64 */
            memberships: number;
            missing?: components["schemas"]["Missing"] | null;
            /** @description What is missing counts as gone with the next whole reading that lacks no more. */
            missing_is_accepted: boolean;
            owner?: components["schemas"]["Person"] | null;
            /** @description `never_read`, `healthy`, `in_trouble`, or `by_hand` where nothing but a person reaches it. */
            state: string;
            system: string;
            trouble?: string | null;
            /** Format: date-time */
            trouble_since?: string | null;
            /**
             * Format: date-time
             * @description When it was last read to its end.
             */
            whole_at?: string | null;
        };
        SystemOrder: {
            account?: string | null;
            /** @description `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
            act: string;
            /** Format: int32 */
            attempts: number;
            /** @description Id of what it follows from. */
            because: string;
            /** @description `plan`, `leaver`, `mover`, `grant`, `drift`, `conversion` or `person`. */
            cause: string;
            entitlement?: string | null;
            /** @description What its system calls the entitlement. */
            entitlement_name?: string | null;
            id: string;
            identity?: components["schemas"]["Person"] | null;
            /** @description Of the account, also of one that was not there when it was ordered. */
            login?: string | null;
            /** Format: date-time */
            ordered_at: string;
            plan?: string | null;
            /**
             * Format: int32
             * @description The lowest is sent first.
             */
            rank: number;
            /**
             * Format: int32
             * @description How often what it had taken away came back.
             */
            reopened: number;
            /** Format: date-time */
            sent_at?: string | null;
            /**
             * @description `queued`, `ordered`, `sending`, `unknown`, `waiting`, `waiting_for_person`, `done`, `observed`, `gone`, `refused`,
             *     `conflict` or `superseded`.
             */
            state: string;
            system: string;
            /** @description Why it is not done. */
            trouble?: string | null;
        };
        SystemSays: {
            /** @description What the system says of itself, in one line. */
            says: string;
        };
        Systems: {
            system: Record<string, unknown>[];
        };
        Target: {
            description: string;
            discovery_login: string;
            fingerprint: string;
            host: string;
            /** @description The only host key that is accepted from it. */
            host_key: string;
            name: string;
            /** Format: int32 */
            port: number;
            /** @description Whether its sshd reads the KRL, so that an ended certificate is refused at once. */
            reads_krl: boolean;
            /** @description By what people are logged in: `certificate`, or `vaulted` for the password or key that the vault keeps. */
            sign_in: string;
            /** @description Sudo rules that can be given there, by the names that they are given by. */
            sudo: Record<string, unknown>;
        };
        Targets: {
            target: Record<string, unknown>[];
        };
        TenureRoles: {
            /** @description `member`, `auditor`, `operator`, `administrator`. Everybody stays a member. */
            roles: string[];
        };
        Termination: {
            /**
             * Format: date-time
             * @description Since when they have left; now when it is left out. A past moment acts now, a later one then.
             */
            at?: string | null;
            reason: string;
        };
        Ticket: {
            /** @description `create`, `change`, `enable`, `disable`, `delete`, `grant` or `revoke`. */
            act: string;
            /** Format: date-time */
            closed_at?: string | null;
            done_by?: components["schemas"]["Person"] | null;
            /** @description What is to be granted or revoked. */
            entitlement?: string | null;
            id: string;
            identity?: components["schemas"]["Person"] | null;
            /** @description The account on the system. */
            login?: string | null;
            /** Format: date-time */
            opened_at: string;
            /** @description The order that is to be carried out. */
            order: string;
            /** Format: date-time */
            remind_at: string;
            /** Format: int32 */
            reminders: number;
            stand_in?: components["schemas"]["Person"] | null;
            /** @description `open`, `done`, or `moot` when nobody wants it any more. */
            state: string;
            system: string;
        };
        TicketDetail: components["schemas"]["Ticket"] & {
            /** @description What is to be set, by the names of the system; empty once it is done. */
            attributes: {
                [key: string]: string[];
            };
        };
        TicketProof: {
            /** @description What was done and where that can be looked up; the auditors will read it. */
            proof: string;
        };
        Token: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            name: string;
            scopes: string[];
        };
        /** @description What a source answered when it was tried. Nothing of it is kept. */
        TriedSource: {
            /** @description The columns of the rows; none of a file. */
            columns: string[];
            /** @description Columns that the source names and that did not come. */
            missing: string[];
            /**
             * Format: int64
             * @description Rows that came, at most twenty; of a file its bytes.
             */
            size: number;
        };
        /** @description One of the two. */
        Unsealing: {
            /** @description What `tenure seal unseal --local` reads on the server's machine. */
            local?: string | null;
            /** @description The attempt that the share is meant for. */
            nonce?: string | null;
            /** @description One share of the unseal key. */
            share?: string | null;
        };
        /** @description A version of an account's password or key; never the credential itself. */
        Vaulted: {
            account: string;
            /** Format: int32 */
            version: number;
        };
        Verified: {
            /** @description Whether the kept credential logged in. */
            accepted: boolean;
            account: components["schemas"]["ManagedAccount"];
        };
        /** @description What was known during one span. */
        Version: {
            /** Format: date-time */
            from: string;
            identity: components["schemas"]["Identity"];
            /** Format: date-time */
            true_from: string;
            /** Format: date-time */
            until?: string | null;
        };
        /**
         * @description What became of one version of a credential.
         * @enum {string}
         */
        VersionState: "candidate" | "current" | "previous" | "refused";
        Versions: {
            /** @description The current one unless told. */
            versions?: number[] | null;
        };
        With: {
            /** @description The other account; `null` takes the pair apart. */
            with?: string | null;
        };
        WrapEnvelope: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            /** Format: int64 */
            ttl_seconds: number;
        };
        WrapOrder: {
            /** @description Only this person, signed in, may open it; by id or mail address. */
            for?: string | null;
            /**
             * Format: int64
             * @description At most 86,400, a day.
             */
            ttl_seconds: number;
            /**
             * Format: int32
             * @description The current one unless told.
             */
            version?: number | null;
        };
        WrapToken: {
            token: string;
        };
        WrappedSecret: {
            /** Format: date-time */
            expires_at: string;
            id: string;
            name: string;
            /** @description Shown once. */
            token: string;
            /** Format: int32 */
            version: number;
        };
        WrittenVersion: {
            /** Format: date-time */
            created_at: string;
            id: string;
            name: string;
            /** Format: int32 */
            version: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
