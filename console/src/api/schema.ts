// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
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
        /** Import an HR feed (CSV). The same feed again changes nothing. */
        post: {
            parameters: {
                query?: {
                    /** @description Show the plan and write nothing. */
                    dry_run?: boolean;
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
                    "application/json": Record<string, unknown>;
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
    "/api/v1/seal/rekey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a new data key and seal every secret again under it. */
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
            login: string;
            /**
             * Format: int32
             * @description How long the grant is to last, from its approval.
             */
            minutes: number;
            reason: string;
            target: string;
        };
        Because: {
            reason: string;
        };
        Begun: {
            name: string;
            /** @description For an authenticator: `otpauth://totp/…`. */
            otpauth_uri: string;
        };
        Broken: {
            detail: string;
            invariant: string;
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
        Chapter: {
            /** Format: date-time */
            at: string;
            lines: components["schemas"]["StoryLine"][];
            title: string;
        };
        Completion: {
            /** @description Six digits from the authenticator. */
            code: string;
            password: string;
            token: string;
        };
        Consistency: {
            /** @description Base64 hashes (RFC 9162 section 2.1.4). */
            proof: string[];
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
        Credentials: {
            /** @description Six digits from the authenticator. */
            code: string;
            /** @description The mail address. */
            name: string;
            password: string;
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
        Gateway: {
            host: string;
            /** Format: int32 */
            port: number;
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
            /** @description `expired`, `withdrawn` or `leaver`. */
            cause: string;
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
            /** @description `active`, `leave` or `terminated`. */
            status: string;
        };
        IdentityDetail: components["schemas"]["Identity"] & {
            eligibilities: components["schemas"]["Eligibility"][];
            /** @description Oldest first. */
            history: components["schemas"]["Version"][];
            leaver?: components["schemas"]["LeaverCase"] | null;
            /** @description In Tenure itself; `null` without an account. */
            roles?: string[] | null;
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
        Link: {
            token: string;
        };
        Me: {
            /** @description Where `ssh` goes. */
            gateway: components["schemas"]["Gateway"];
            identity: components["schemas"]["Profile"];
            permissions: string[];
            roles: string[];
        };
        MyAccess: {
            eligibilities: components["schemas"]["Eligibility"][];
            /** @description Newest first, at most 100. */
            grants: components["schemas"]["Grant"][];
            /** @description Newest first, at most 100. */
            requests: components["schemas"]["Request"][];
        };
        NewKey: {
            name: string;
            /** @description One line of a `.pub` file. */
            public_key: string;
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
                /** @description `active`, `leave` or `terminated`. */
                status: string;
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
                /** @description `applied`, `held` or `superseded`. */
                state: string;
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
                description: string;
                makes_eligible: Record<string, unknown>[];
                name: string;
                when: Record<string, unknown>[];
            }[];
            /** @description Give it as `after` for the next page; `null` on the last one. */
            next?: string | null;
        };
        Page_Service: {
            items: {
                /** @description `host:port`. */
                address: string;
                admin_login: string;
                base_dn?: string | null;
                database?: string | null;
                description: string;
                /** @description `postgres`, `mariadb` or `openldap`. */
                kind: string;
                name: string;
                /** @description `required`, or `loopback_plain` for a server on the same machine. */
                tls: string;
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
                logins: string[];
                name: string;
                /** @description Decides on requests for its logins. */
                owner: components["schemas"]["Person"];
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
        Person: {
            id: string;
            name: string;
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
            department: string;
            email: string;
            id: string;
            job_title: string;
            manager?: components["schemas"]["Person"] | null;
            name: string;
        };
        RawEntry: {
            /** @description The bytes that are hashed, as text. */
            entry: string;
            /** Format: int64 */
            seq: number;
        };
        Recording: {
            /** Format: int64 */
            bytes: number;
            damage?: string | null;
            sealed: boolean;
            /** @description Of the plain asciicast, hex. */
            sha256?: string | null;
        };
        Rekeyed: {
            /**
             * Format: int64
             * @description Sealed values that were sealed again.
             */
            resealed: number;
            /** Format: int32 */
            version: number;
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
        Role: {
            description: string;
            makes_eligible: Record<string, unknown>[];
            name: string;
            when: Record<string, unknown>[];
        };
        Roles: {
            role: Record<string, unknown>[];
        };
        Service: {
            /** @description `host:port`. */
            address: string;
            admin_login: string;
            base_dn?: string | null;
            database?: string | null;
            description: string;
            /** @description `postgres`, `mariadb` or `openldap`. */
            kind: string;
            name: string;
            /** @description `required`, or `loopback_plain` for a server on the same machine. */
            tls: string;
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
        };
        SetupLink: {
            /** @description Give it to the person over a channel you trust. Works once, for 72 hours. */
            link: string;
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
        System: {
            description: string;
            logins: string[];
            name: string;
            /** @description Decides on requests for its logins. */
            owner: components["schemas"]["Person"];
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
        };
        Targets: {
            target: Record<string, unknown>[];
        };
        TenureRoles: {
            /** @description `member`, `auditor`, `operator`, `administrator`. Everybody stays a member. */
            roles: string[];
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
